"""The configuration: every problem at once, each with its path and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc import config
from feedsvc.cli.common import settings
from feedsvc.errors import ConfigError
from feedsvc.model import ListKind

HEAD = '[site]\ntitle = "T"\nurl = "https://news.example/"\ntimezone = "Asia/Jakarta"\n'
ONE = '[[section]]\nslug = "a"\nsources = [{ page = "https://news.example/a" }]\n'


def load(tmp_path: Path, text: str, env: dict[str, str] | None = None, **options: object) -> config.Settings:
    file = tmp_path / "feedsvc.toml"
    file.write_text(text)
    return config.load(file, env or {}, **options)  # type: ignore[arg-type]


def problems(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, env)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", ["demo.toml", "example.toml", "rmol.toml"])
def test_the_shipped_files_are_right(name: str) -> None:
    found = config.load(Path(__file__).parent.parent.parent / "config" / name, {})
    assert found.upstreams


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = """
    [site]
    titel = "T"
    url = "news.example"
    timezone = "Asia/Jakata"
    language = "Bahasa Indonesia"
    [serve]
    port = 99999
    [fetch]
    own = ["https://news.example/"]
    [stroe]
    [[section]]
    slug = "Politik Nasional"
    sources = [{ pge = "https://news.example/" }]
    [[section]]
    slug = "tag"
    size = 0
    [[box]]
    slug = "b"
    sources = [
        { page = "https://news.example/", feed = "https://news.example/rss" },
        { page = "https://news.example/", every = "sometimes", bx = "Populer" },
        { page = "ftp://news.example/" },
    ]
    """
    found = problems(tmp_path, text)
    expected = [
        "[site] (line 2): title: is missing",
        "[site] (line 3): titel: unknown key; did you mean 'title'?",
        "[site] (line 4): url: must be an address",
        "[site] (line 5): timezone: must be a time zone, not 'Asia/Jakata'; did you mean 'Asia/Jakarta'?",
        "[site] (line 6): language: must be a language tag",
        "[serve] (line 8): port: ",
        "[fetch] (line 10): own[0]: must be a host or host:port",
        "[stroe] (line 11): unknown key; did you mean 'store'?",
        '[[section]] "Politik Nasional" (line 12): slug: must be 1 to 64',
        '[[section]] "Politik Nasional" (line 12): sources[0]: names no kind of source',
        '[[section]] "tag" (line 15): slug: is reserved',
        '[[section]] "tag" (line 15): size: ',
        '[[box]] "b" (line 18): sources[0]: has page and feed',
        '[[box]] "b" (line 18): sources[1].every: must be a time such as',
        "[[box]] \"b\" (line 18): sources[1].bx: unknown key; did you mean 'box'?",
        '[[box]] "b" (line 18): sources[2].page: must be an address',
    ]
    for beginning in expected:
        assert any(one.startswith(beginning) for one in found), beginning
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (HEAD, "section: there is none"),
        (HEAD + '[[section]]\nslug = "a"\n', '[[section]] "a" (line 5): sources: is missing'),
        (HEAD + ONE + '[[box]]\nslug = "b"\nsources = []\n', '[[box]] "b" (line 8): sources: is missing'),
        (HEAD + ONE + ONE, '[[section]] "a" (line 8): slug: \'a\' is taken by [[section]] "a" (line 5)'),
        (
            HEAD + ONE + ONE.replace('"a"', '"b"\nwas = ["a"]'),
            '[[section]] "b" (line 8): was: \'a\' is taken by [[section]] "a" (line 5)',
        ),
        (HEAD + ONE.replace('"a"', '"a"\naliases = ["rss.xml"]'), '[[section]] "a" (line 5): aliases: '),
        (HEAD + ONE.replace('"a"', '"a"\naliases = ["/feeds/x.rss"]'), '[[section]] "a" (line 5): aliases: '),
        (HEAD + ONE.replace("}]", ', box = "U", select = ".x" }]'), '[[section]] "a" (line 5): sources[0]: '),
        (
            HEAD + ONE.replace("}]", ', name = "n" }, { page = "https://news.example/b", name = "n" }]'),
            '[[section]] "a" (line 5): sources[1].name: ',
        ),
        (HEAD + ONE + '[[taker]]\nslug = "t"\nsections = ["aa"]\n', '[[taker]] "t" (line 8): sections: '),
        (HEAD + ONE + '[websub]\nlease_min = "20d"\n', "[websub] (line 8): lease_min, lease_default and"),
        (HEAD + ONE + '[notify]\nemail = ["me"]\n', "[notify] (line 9): email[0]: must be an e-mail address"),
        (HEAD + ONE + "latest.size = 0\n", '[[section]] "a" (line 5): latest: unknown key'),
        ("latest.size = 0\n" + HEAD + ONE, "latest.size: must be at least 1"),
        (
            HEAD + 'namespace = "x"\n' + ONE,
            "[site] (line 5): namespace: must be a UUID, as `uuidgen` makes one",
        ),
        (HEAD + ONE.replace("/a", "/${KEY}"), '[[section]] "a" (line 5): sources[0].page: has ${…} in it'),
        ("[site\n", "is not valid TOML: "),
        ("", "site: is missing; write a table [site]"),
        ("site = 1\n", "site: "),
    ],
)
def test_what_does_not_belong_together(tmp_path: Path, text: str, path: str) -> None:
    assert problems(tmp_path, text)[0].startswith(path)


def test_a_wrong_source_hides_nothing_that_is_wrong_between_lists(tmp_path: Path) -> None:
    one = ONE.replace('"a"', '"b"\naliases = ["/status"]').replace("page", "pag")
    found = problems(
        tmp_path, HEAD + ONE + one + '[[taker]]\nslug = "t"\nprofile = "plain"\nsections = ["c"]\n'
    )
    assert [one.partition("): ")[2].partition(": ")[0] for one in found] == [
        "sources[0]",
        "aliases",
        "sections",
    ]


def test_a_name_that_is_one_of_few_is_told_with_the_nearest(tmp_path: Path) -> None:
    text = HEAD + ONE + '[[taker]]\nslug = "t"\nprofile = "msnn"\n[work]\nexecutor = "pol"\n'
    taker, work = sorted(problems(tmp_path, text))
    assert taker.startswith("[[taker]] \"t\" (line 8): profile: must be 'plain', ")
    assert taker.endswith("not 'msnn'; did you mean 'msn'?")
    assert work == "[work] (line 12): executor: must be 'pool' or 'celery', not 'pol'; did you mean 'pool'?"
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not text in UTF-8"):
        config.load(tmp_path / "c.toml", {})


def test_a_section_may_live_from_the_api_alone(tmp_path: Path) -> None:
    found = load(tmp_path, HEAD + '[[section]]\nslug = "a"\nsources = []\n')
    assert {spec.slug for spec in found.lists} == {"a", "latest"}
    assert found.upstreams == ()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "nothing.toml", {})
    assert "cannot be read" in str(caught.value)
    assert "--config" in str(caught.value)


def test_the_command_line_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    text = HEAD + '[serve]\nport = 1000\nhost = "127.0.0.2"\n' + ONE
    env = {"PORT": "2000", "HOST": "127.0.0.3", "FEEDSVC_DATABASE_URL": "sqlite:////tmp/x.db"}
    assert (load(tmp_path, text).host, load(tmp_path, text).port) == ("127.0.0.2", 1000)
    found = load(tmp_path, text, env)
    assert (found.host, found.port, found.store_url) == ("127.0.0.3", 2000, "sqlite:////tmp/x.db")
    assert load(tmp_path, text, env, host="127.0.0.4", port=0).port == 0
    assert found.site.base_url == "http://127.0.0.3:2000"
    assert problems(tmp_path, text, {"PORT": "http"})[0].startswith("environment PORT")


def test_only_what_listens_looks_at_the_hosts_name_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD + ONE)
    monkeypatch.setenv("HOST", "build-triple-of-a-compiler")
    assert settings(str(file)).site.base_url == "http://127.0.0.1:8080"
    assert settings(str(file), listens=True).host == "build-triple-of-a-compiler"


def test_one_page_is_one_upstream_for_all_that_read_it(tmp_path: Path) -> None:
    source = '{{ page = "https://news.example/", box = "{0}", every = "{1}" }}'
    box = f'[[box]]\nslug = "{{0}}"\nsources = [{source}]\n'
    found = load(tmp_path, HEAD + box.format("update", "2m") + box.format("populer", "1m") + ONE)
    assert [one.url for one in found.upstreams] == ["https://news.example/a", "https://news.example/"]
    assert found.upstreams[1].every == 60
    assert len({reading.upstream for reading in found.readings}) == 2
    assert [reading.box for reading in found.readings] == ["", "update", "populer"]


def test_keys_survive_new_addresses_and_slugs(tmp_path: Path) -> None:
    before = load(tmp_path, HEAD + ONE)
    after = load(
        tmp_path,
        HEAD
        + '[[section]]\nslug = "b"\nwas = ["a"]\n'
        + 'sources = [{ page = "https://new.example/b", was = ["https://news.example/a"] }]\n',
    )
    assert after.upstreams[0].key == before.upstreams[0].key
    assert [spec.key for spec in after.lists] == [spec.key for spec in before.lists] == ["latest", "a"]
    assert after.lists[1].slug == "b"


def test_own_hosts_and_the_namespace(tmp_path: Path) -> None:
    found = load(tmp_path, HEAD + '[fetch]\nown = ["News.example"]\n' + ONE)
    assert found.upstreams[0].own
    assert found.site.namespace == load(tmp_path, HEAD + ONE).site.namespace
    assert found.lists[0].kind is ListKind.LATEST


def test_short_and_long_selectors(tmp_path: Path) -> None:
    short = load(tmp_path, HEAD + ONE.replace("}]", ', select = ".card" }]')).readings[0].select
    assert short == {"item": ".card"}
    long = ONE.replace("}]", ', select = { item = ".card", title = "h3" } }]')
    assert load(tmp_path, HEAD + long).readings[0].select == {"item": ".card", "title": "h3"}


SQL = (
    '[[section]]\nslug = "a"\nsources = [{{ sql = "{}", table = "b", map = {{ id = "i", title = "t" }} }}]\n'
)


@pytest.mark.parametrize(
    ("written", "env", "address"),
    [
        ("postgresql://u:${P}@db/cms", {"P": "a@b/c%:ü"}, "postgresql://u:a%40b%2Fc%25%3A%C3%BC@db/cms"),
        ("${CMS_URL}", {"CMS_URL": "sqlite:////srv/b.db"}, "sqlite:////srv/b.db"),
        ("postgresql://${U}:$P@db/cms", {"U": "x", "P": "y"}, "postgresql://x:$P@db/cms"),
    ],
    ids=["a part", "the whole", "no braces"],
)
def test_a_password_may_come_from_the_environment(
    tmp_path: Path, written: str, env: dict[str, str], address: str
) -> None:
    found = load(tmp_path, HEAD + SQL.format(written), env).upstreams[0]
    assert found.options["address"] == address
    assert "a@b" not in found.name + found.url
    assert "a%40b" not in found.name + found.url


def test_another_password_makes_no_other_source(tmp_path: Path) -> None:
    text = HEAD + SQL.format("postgresql://u:${P}@db/cms")
    one, other = (load(tmp_path, text, {"P": value}).upstreams[0].key for value in ("x", "y"))
    assert one == other


@pytest.mark.parametrize(("env", "says"), [({}, "P, CMS"), ({"P": "", "CMS": "x"}, "P")])
def test_a_variable_that_is_not_there_is_told(tmp_path: Path, env: dict[str, str], says: str) -> None:
    told = problems(tmp_path, HEAD + SQL.format("postgresql://u:${P}@db/${CMS}"), env)
    assert told == [f'[[section]] "a" (line 5): sources[0].sql: the environment has no {says}']


def test_an_address_of_the_environment_that_is_none_is_told_without_it(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, HEAD + SQL.format("${CMS}"), {"CMS": "secret"})
    assert "SQLAlchemy address" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "source",
    [
        'sql = "postgresql:/u:secret@db/cms", table = "b", map = { id = "i", title = "t" }',
        'sql = "postgresql://u:secret@db/cms", map = { id = "i", title = "t" }',
        'sql = ["postgresql://u:secret@db/cms"], table = "b", map = { id = "i", title = "t" }',
        'page = "ftp://u:secret@news.example/"',
    ],
    ids=["no address", "no table", "a list", "a page"],
)
def test_a_password_stands_in_no_problem(tmp_path: Path, source: str) -> None:
    told = problems(tmp_path, f'{HEAD}[[section]]\nslug = "a"\nsources = [{{ {source} }}]\n')
    assert told
    assert "secret" not in " ".join(told)


def test_relative_paths_begin_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        '[site]\ntitle = "T"\nurl = "https://news.example/"\n[store]\nurl = "sqlite:///var/news.db"\n'
        '[fetch]\nca_bundle = "ca.pem"\n[[section]]\nslug = "a"\n'
        'sources = [{ files = "../posts" }, { sql = "sqlite:///cms.db", table = "t", '
        'map = { id = "id", title = "title" } }]\n'
    )
    folder = tmp_path / "config"
    folder.mkdir()
    found = load(folder, text)
    monkeypatch.chdir("/")
    assert load(folder, text) == found
    assert found.store_url == f"sqlite:///{folder}/var/news.db"
    assert found.ca_bundle == f"{folder}/ca.pem"
    assert found.upstreams[0].url == f"{tmp_path}/posts"
    assert found.upstreams[1].options["address"] == f"sqlite:///{folder}/cms.db"
    # what a source is known by does not depend on where the file lies
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert [one.key for one in load(elsewhere, text).upstreams] == [one.key for one in found.upstreams]
    there = load(folder, text, {"FEEDSVC_DATABASE_URL": "postgresql+psycopg://u@h/news"})
    assert there.store_url == "postgresql+psycopg://u@h/news"


def test_the_demo_stands_in_until_there_is_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.default_file() == "config/feedsvc.toml"  # and it is told that there is none
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "demo.toml").touch()
    assert config.default_file() == "config/demo.toml"
    (tmp_path / "config" / "feedsvc.toml").touch()
    assert config.default_file() == "config/feedsvc.toml"


def test_headers_of_a_purge_take_tokens_from_the_environment(tmp_path: Path) -> None:
    text = (
        '[serve]\npurge = "https://cdn.example{path}"\n'
        'purge_headers = { A = "Bearer ${token}", B = "$TOKEN-$TOKEN_2", C = "$5" }\n'
    )
    env = {"token": "a$TOKEN", "TOKEN": "b", "TOKEN_2": "c"}
    found = load(tmp_path, HEAD + text + ONE, env).purge_headers
    assert found == {"A": "Bearer a$TOKEN", "B": "b-c", "C": "$5"}
    assert problems(tmp_path, HEAD + text + ONE, {"token": "a", "TOKEN": "b"}) == [
        "[serve] (line 7): purge_headers.B: the environment has no TOKEN_2"
    ]


def test_fold_is_the_old_name_of_merge_duplicates(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    box = '[[box]]\nslug = "b"\nsources = [{ page = "https://news.example/", box = "B" }]\n'
    text = HEAD + '[latest]\nfold = "near"\n' + ONE + 'fold = "near"\n' + box + "merge_duplicates = true\n"
    lists = {spec.slug: spec for spec in load(tmp_path, text).lists}
    assert [lists[slug].merge_duplicates for slug in ("latest", "a", "b")] == [True, True, True]
    assert "merge_duplicates" in caplog.text
    # a ranked box shows the page's own list
    ranked = {spec.slug: spec for spec in load(tmp_path, text + "ranked = true\n").lists}
    assert not ranked["b"].merge_duplicates
    assert not ranked["b-new"].merge_duplicates
    for wrong in ('fold = "all"\n', 'fold = "near"\nmerge_duplicates = true\n'):
        (problem,) = problems(tmp_path, HEAD + ONE + wrong)
        assert "merge_duplicates" in problem


def test_entries_without_headers_of_their_own_are_named_without_a_line(tmp_path: Path) -> None:
    found = problems(tmp_path, 'section = [{ slug = "a", size = 0, sources = [] }]\n' + HEAD)
    assert found == ['[[section]] "a": size: must be at least 1, not 0']
    nameless = problems(tmp_path, HEAD + "[[section]]\nsources = []\n")
    assert nameless == ["[[section]] number 1 (line 5): slug: is missing"]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD + ONE, encoding="utf-8-sig")
    assert config.load(file, {}).site.title == "T"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('size = "ten"', "size: must be a whole number, not 'ten'"),
        ("size = 1.5", "size: must be a whole number, not 1.5"),
        ("size = 0", "size: must be at least 1, not 0"),
        ('retired = "maybe"', "retired: must be true or false, not 'maybe'"),
        ("title = 7", 'title: must be a text in quotes: "…", not 7'),
        ('was = "old"', "was: must be a list: [ … ], not 'old'"),
        ("podcast = { author = [] }", 'podcast.author: must be a text in quotes: "…"'),
        ('content = "half"', "content: must be 'auto', 'full' or 'summary', not 'half'"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_words_of_toml(tmp_path: Path, line: str, said: str) -> None:
    assert problems(tmp_path, HEAD + ONE + line + "\n") == [f'[[section]] "a" (line 5): {said}']


def test_tables_that_are_written_as_something_else_are_told(tmp_path: Path) -> None:
    one = '[section]\nslug = "a"\nsources = []\n'
    assert problems(tmp_path, HEAD + one) == [
        "[section] (line 5): its header must be [[section]], in two pairs of brackets"
    ]
    source = '[[section]]\nslug = "a"\nsources = ["https://news.example/"]\n'
    (problem,) = problems(tmp_path, HEAD + source)
    assert problem.endswith("sources[0]: must be a table: { … }, not 'https://news.example/'")
