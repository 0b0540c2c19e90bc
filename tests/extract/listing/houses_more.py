"""More list pages by hand: sliders, clocks under day headings, related lines in cards, dialogs, archives, tables of releases."""

from __future__ import annotations

from tests.extract.listing.houses import BASE, Shown, Story, others, stories, written


def vietnamese() -> Shown:
    """A Vietnamese paper: picture, title and lead link alike, comments counted, no date anywhere."""
    main, most = stories("vi", "/{slug}-48{n}12.html"), others("vi", "/{slug}-47{n}99.html")
    html = f"""<section class=top-header><a href="/">Ruang</a><span class=time-now>Thứ năm, 18/12/2025</span></section><nav class=main-nav><ul class=parent><li><a href="/thoi-su">Thời sự</a></li><li><a href="/the-gioi">Thế giới</a></li><li><a href="/giao-duc">Giáo dục</a></li></ul></nav>
<section class=section_container><div class=col-left>{written('<article class="item-news item-news-common"><div class=thumb-art><a href="%(u)s" class=thumb title="%(t)s"><picture><img src="/i/%(i)s.jpg" alt="%(t)s"></picture></a></div><h2 class=title-news><a href="%(u)s" title="%(t)s">%(t)s</a></h2><p class=description><a href="%(u)s" title="%(t)s">%(s)s</a></p><p class=meta-news><a class=count_cmt href="%(u)s#box_comment"><span>1%(i)s</span></a></p></article>', main)}</div>
<div class=col-right><div class=box-category><h2 class=box-title>Xem nhiều</h2>{written('<div class=item><h4><a href="%(u)s">%(t)s</a></h4></div>', most)}</div></div></section>"""
    return Shown("vietnamese", "vi", f"{BASE}/thoi-su", html, main, {"Xem nhiều": most}, dated=False)


def turkish() -> Shown:
    """A Turkish paper: a slider with numbers for its slides, the list, the latest minute with clocks."""
    main, slides = stories("tr", "/haber/{slug}-{n}01"), others("tr", "/haber/{slug}-{n}02")
    latest = tuple(
        Story(f"Bölgede {what} için uyarı yapıldı", f"/haber/uyari-{n}03")
        for n, what in enumerate(("fırtına", "don", "sel", "sis"))
    )
    html = f"""<header><div class=menu><a href="/gundem">GÜNDEM</a><a href="/ekonomi">EKONOMİ</a><a href="/spor">SPOR</a></div></header><div class=container><div class="swiper headline"><div class=swiper-wrapper>{written('<div class=swiper-slide><a href="%(u)s" title="%(t)s"><img src="/m/%(i)s.jpg" alt="%(t)s"></a></div>', slides)}</div><div class=nums><a href="/haber/x-1" class=n>1</a><a href="/haber/x-2" class=n>2</a><a class=n href="/haber/x-3">3</a></div></div>
<div class=row><div class=left><div class=head><span>Gündem Haberleri</span></div>{written('<div class=card><a href="%(u)s" title="%(t)s"><img src="/k/%(i)s.jpg"><div class=in><span class=ttl>%(t)s</span><span class=dsc>%(s)s</span><span class=dat>%(d)s</span></div></a></div>', main)}</div>
<div class=rgt><div class=head><span>Son Dakika</span></div><ul>{written('<li><em>18:4%(i)s</em><a href="%(u)s">%(t)s</a></li>', latest)}</ul></div></div></div>"""
    return Shown("turkish", "tr", f"{BASE}/gundem", html, main)


def russian() -> Shown:
    """A Russian agency: clocks before the titles under a heading for each day; the main ones beside."""
    given = stories("ru", "/news/{n}1207", lead=False)
    days = ((given[:5], "18 декабря", "2025-12-18"), (given[5:], "17 декабря", "2025-12-17"))
    main = tuple(Story(one.title, one.path, "", day) for some, _, day in days for one in some)
    chief = others("ru", "/articles/{n}0007")
    rows = "".join(
        f"<div class=day>{name}</div>"
        + written(
            '<div class=row><span class=tm>1%(i)s:05</span> <a href="%(u)s">%(t)s</a> <span class=rub>Город</span></div>',
            some,
        )
        for some, name, _ in days
    )
    html = f"""<div class=hd><a href="/">Руан</a><a href="/politics">Политика</a><a href="/economy">Экономика</a></div><table><tr><td class=feed><h1>Лента новостей</h1>{rows}<a class=more href="/news?page=2">Ещё новости</a></td><td class=side><div class=cap>Главное</div>{written('<div class=it><a href="%(u)s">%(t)s</a></div>', chief)}</td></tr></table>"""
    return Shown("russian", "ru", f"{BASE}/news", html, main, {"Главное": chief})


def spanish_front() -> Shown:
    """A Spanish section: kicker, author and town in each card, two related lines below some of them."""
    main, most = (
        stories("es", "/sociedad/2025-12-{day}/{slug}.html"),
        others("es", "/sociedad/2025-12-0{n}/{slug}.html"),
    )
    related = '<ul class=c_r><li><a href="/sociedad/2025-12-01/lo-que-dijo-la-comision.html">Lo que dijo la comisión sobre el muelle</a></li><li><a href="/sociedad/2025-12-02/un-siglo-de-mareas.html">Un siglo de mareas en doce gráficos</a></li></ul>'
    cards = "".join(
        written(
            '<article class="c c-d"><figure class=c_m><a href="%(u)s"><img src="/r/%(i)s.jpg"></a></figure><header class=c_h><span class=c_k>Obras</span><h2 class=c_t><a href="%(u)s">%(t)s</a></h2></header><div class=c_a><a href="/autor/ana-sol/">Ana Sol</a> | <span class=c_a_l>Vigo</span> | <time datetime="%(day)s">%(d)s</time></div><p class=c_d>%(s)s</p>',
            [one],
        )
        + (related if n in (0, 3) else "")
        + "</article>"
        for n, one in enumerate(main)
    )
    html = f"""<header class=x><nav class=sm><a href="/">Portada</a><a href="/sociedad/">Sociedad</a><a href="/opinion/">Opinión</a></nav><h1 class=x_t>Sociedad</h1></header><main class="_g"><section class=b-d>{cards}</section><section class=b-r><header><h3>Lo más visto</h3></header><ol>{written('<li><a href="%(u)s">%(t)s</a></li>', most)}</ol></section></main><nav class=b-pag><a href="/sociedad/2/">Siguiente</a></nav>"""
    return Shown("spanish-front", "es", f"{BASE}/sociedad/", html, main, {"Lo más visto": most})


def korean() -> Shown:
    """A Korean paper: pictures and titles as terms of a list, the press and the time in spans, ranks beside."""
    main, ranks = stories("ko", "/view/20251{n}"), others("ko", "/view/20240{n}")
    html = f"""<div class=gnb><a href=/>홈</a><a href=/local>지역</a><a href=/life>생활</a><a href=/photo>포토</a></div><div id=main_content><ul class=type06_headline>
{written('<li><dl><dt class=photo><a href="%(u)s"><img src="/th/%(i)s.jpg" alt="%(t)s"></a></dt><dt><a href="%(u)s">%(t)s</a></dt><dd><span class=lede>%(s)s</span><span class=writing>루안신문</span><span class=date>%(d)s</span></dd></dl></li>', main)}</ul><div class=paging><strong>1</strong><a href="/local?page=2">2</a><a href="/local?page=3">3</a></div></div>
<div class=aside><h4>많이 본 뉴스</h4><ol>{written('<li><em>%(n)s</em><a href="%(u)s">%(t)s</a></li>', ranks)}</ol></div>"""
    return Shown("korean", "ko", f"{BASE}/local", html, main, {"많이 본 뉴스": ranks})


def related_feed() -> Shown:
    """A Brazilian feed: each post with hours since, section and bullets of related posts beneath."""
    main = tuple(
        Story(one.title, one.path, "", "", one.lead)
        for one in stories("pt", "/cidade/noticia/2025/12/{day}/{slug}.ghtml")
    )
    html = f"""<div class=header-menu><a href="/">ruang</a><a href="/cidade/">cidade</a><a href="/esporte/">esporte</a></div><div class=bstn-fd>
{written('<div class="bastian-feed-item"><div class="feed-post bstn-item-shape"><div class=feed-post-header><span class=feed-post-header-chapeu>Obras</span></div><div class=feed-post-body-title><h2><a class=feed-post-link href="%(u)s"><p>%(t)s</p></a></h2></div><div class=feed-post-body-resumo>%(s)s</div><ul class=bstn-relateditems><li><a href="/cidade/noticia/2025/12/01/r%(i)sa.ghtml">Veja o que muda para quem atravessa de barco</a></li><li><a href="/cidade/video/r%(i)sb.ghtml">VÍDEO: como era o cais em outros tempos</a></li></ul><div class=feed-post-metadata><span class=feed-post-datetime>Há %(n)s horas</span><span class=feed-post-metadata-section>Em Cidade</span></div></div></div>', main)}</div><div class=load-more><a href="/cidade/index/feed/pagina-2.ghtml">Veja mais</a></div>"""
    return Shown("related-feed", "pt", f"{BASE}/cidade/", html, main, dated=False)


def consent() -> Shown:
    """Cards with stretched links under a dialog of consent with its vendors and a letter to subscribe to."""
    main = stories("en", "/news/{slug}")
    html = f"""<div id=consent-sdk role=dialog aria-modal=true><h2>We value your privacy</h2><p>We and our 812 partners store and access information on a device, such as cookies, and process personal data, such as unique identifiers, for personalised advertising and content, measurement, audience research and services development.</p><ul>{"".join(f'<li><a href="https://vendor{n}.example/privacy">Vendor number {n} of Example Advertising Limited</a></li>' for n in range(9))}</ul><button>Accept</button></div>
<header class="navbar"><a class=navbar-brand href="/">Ruang</a><a class=nav-link href="/news">News</a><a class=nav-link href="/whats-on">What’s on</a></header><main class=container><h1>News</h1><div class="row g-4">
{written('<div class="col-md-6"><div class="card h-100 position-relative"><img class=card-img-top src="/%(i)s.jpg" alt=""><div class=card-body><span class="badge text-bg-secondary">Town</span><h2 class="card-title h5">%(t)s</h2><p class=card-text>%(s)s</p><p class="card-text small">%(d)s</p><a href="%(u)s" class="stretched-link"></a></div></div></div>', main)}</div></main>
<section class=newsletter><h2>The morning letter</h2><p>Every weekday at six: what happened in the night, what will matter, and where the buses run.</p><form><input type=email><button>Subscribe</button></form></section>"""
    return Shown("consent", "en", f"{BASE}/news", html, main)


def archive() -> Shown:
    """A static site: years as headings, day and month before each title."""
    main = tuple(Story(one.title, one.path, "", one.day) for one in stories("en", "/posts/{slug}/"))
    html = f"""<body class="list"><header class=header><nav class=nav><div class=logo><a href="/">Ruang</a></div><ul id=menu><li><a href="/posts/">Posts</a></li><li><a href="/tags/">Tags</a></li><li><a href="/about/">About</a></li></ul></nav></header><main class=main><header class=page-header><h1>Archive</h1></header><div class=archive-year><h2 class=archive-year-header>2025<sup class=archive-count>&nbsp;8</sup></h2><ul>
{"".join(f'<li class=archive-entry><span class=archive-meta>Dec {one.day[8:]}</span><a class=archive-entry-link aria-label="post link to {one.title}" href="{one.path}">{one.title}</a></li>' for one in main)}</ul></div></main><footer><span>Powered by <a href="https://static.example/">a static site generator of renown</a></span></footer>"""
    return Shown("archive", "en", f"{BASE}/posts/", html, main)


def releases() -> Shown:
    """A table of press releases: number, date, title, and a link that says what kind of file it is."""
    main = tuple(Story(one.title, one.path, "", one.day) for one in stories("en", "/files/pr-{n}.pdf"))
    html = f"""<div class=wrapper><ul class=crumbs><li><a href="/">Home</a></li><li><a href="/press">Press</a></li></ul><h2>Press releases</h2><p>Older releases are in the <a href="/press/archive">archive</a>.</p><table class=tbl><thead><tr><th>No.</th><th>Date</th><th>Subject</th><th>File</th></tr></thead><tbody>
{"".join(f'<tr><td>{60 - n}/2025</td><td>{one.day[8:]}.12.2025</td><td>{one.title}</td><td><a href="{one.path}" target=_blank>PDF</a> (21{n} kB)</td></tr>' for n, one in enumerate(main))}</tbody></table></div>"""
    return Shown("releases", "en", f"{BASE}/press", html, main)


def numbered() -> Shown:
    """Young portal: small numbers as addresses, the day as a leaf of a calendar beside each title."""
    main = tuple(Story(one.title, one.path, "", one.day) for one in stories("id", "/news/{n}", lead=False))
    html = f"""<div id=nav><a href=/>Beranda</a> | <a href=/news>Berita</a> | <a href=/galeri>Galeri</a></div><div id=berita><h3>Berita Terbaru</h3>
{"".join(f'<div class=kotak><div class=tgl><b>{one.day[8:]}</b><i>Des 2025</i></div><a href="{one.path}">{one.title}</a><div class=clear></div></div>' for one in main)}</div><div id=hal>Halaman: 1 <a href="/news?hal=2">2</a> <a href="/news?hal=3">3</a></div>"""
    return Shown("numbered", "id", f"{BASE}/news", html, main)


def most_read_first() -> Shown:
    """The most read stand before the river and are richer than it."""
    main, most = stories("id", "/{slug}-{n}0", lead=False), others("id", "/{slug}-9{n}0")
    html = f"""<div class=menu><a href=/nasional>Nasional</a><a href=/daerah>Daerah</a><a href=/olahraga>Olahraga</a></div><div class=kontainer><div class=kiri><div class=judul-kotak>Terpopuler</div>{written('<div class=pop><a href="%(u)s"><img src="/b/%(i)s.jpg" width=300></a><h3><a href="%(u)s">%(t)s</a></h3><p>Berita ini dibaca ribuan kali sejak pagi dan dibagikan di mana-mana.</p></div>', most)}</div>
<div class=kanan><div class=judul-kotak>Berita Daerah</div>{written('<div class=brs><a href="%(u)s">%(t)s</a><span>%(d)s</span></div>', main)}<div class=lagi><a href="/daerah?page=2">Selanjutnya</a></div></div></div>"""
    return Shown("most-read-first", "id", f"{BASE}/daerah", html, main, {"Terpopuler": most})


MORE = (
    vietnamese,
    turkish,
    russian,
    spanish_front,
    korean,
    related_feed,
    consent,
    archive,
    releases,
    numbered,
    most_read_first,
)
