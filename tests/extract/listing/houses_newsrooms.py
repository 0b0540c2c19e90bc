"""List pages as newsrooms write them by hand: portals of Asia, right-to-left pages, tickers, tabs, ranks, cards of frameworks.

Each function is one page by hand; what it shows is known as it is written. No page is copied from a site.
"""

from __future__ import annotations

from tests.extract.listing.houses import BASE, Shown, others, stories, written


def tailwind() -> Shown:
    """Cards of utility classes; a menu that previews articles, numbered trends beside the river."""
    main, trend, menu = (
        stories("en", "/stories/{slug}-{n}"),
        others("en", "/stories/{slug}-3{n}"),
        stories("en", "/stories/{slug}-old"),
    )
    html = f"""<div class="min-h-screen flex flex-col"><header class="sticky top-0 z-50 bg-white/80"><nav class="flex gap-4"><a href="/town" class="relative px-2">Town</a><div class="absolute hidden group-hover:block"><div class="grid grid-cols-3">
{written('<a class="flex flex-col" href="%(u)s"><img class="aspect-video" src="/_next/m%(i)s.webp"><span class="line-clamp-2">Earlier: %(t)s</span></a>', menu[:3])}</div></div><a href="/sea" class="relative px-2">Sea</a><a href="/desk" class="relative px-2">The desk</a></nav></header>
<div class="mx-auto grid max-w-7xl grid-cols-12 gap-8"><div class="col-span-8"><h1 class="text-3xl">Town</h1><div class="mt-6 divide-y">
{written('''<a class="group relative flex gap-4 py-6" href="%(u)s"><div class="relative w-1/3"><img class="absolute inset-0" src="/_next/%(i)s.webp" alt=""></div><div class="flex-1"><span class="text-xs uppercase">Council</span><div class="text-lg font-semibold">%(t)s</div><p class="text-sm text-gray-500">%(s)s</p><div class="mt-2 flex text-xs"><span>Ada Finch</span><span>%(d)s</span></div></div></a>''', main)}</div>
<button class="rounded border">Load more</button></div>
<div class="col-span-4"><div class="sticky top-24"><div class="text-xl font-bold">Trending</div>{written('<a href="%(u)s" class="flex gap-3 py-3"><span class="text-3xl text-gray-300">%(n)s</span><span class="font-medium">%(t)s</span></a>', trend)}</div></div></div></div>"""
    return Shown("tailwind", "en", f"{BASE}/town", html, main, {"Trending": trend})


def results_list() -> Shown:
    """A results list of a large publishing system: promo items with a link of time, kicker and byline."""
    main, menu = stories("en", "/2025/12/{day}/{slug}/"), others("en", "/2025/11/{day}/{slug}/")
    html = f"""<div id=fusion-app class=b-right-rail><div class=b-right-rail__navigation><nav class=b-header-nav-chain><a class=c-link href="/">Ruang</a><a class=c-link href="/news/">News</a><a class=c-link href="/weather/">Weather</a></nav></div>
<section role=main class=b-right-rail__main-content><div class="c-stack b-results-list" data-style-direction=vertical>
{
        written(
            '''<article class="b-results-list__item"><div class=results-list--image-container><a href="%(u)s" aria-hidden=true tabindex=-1><img class=c-image src="/resizer/%(i)s.jpg" alt=""></a></div><div class=results-list--headline><a class=b-results-list__link href="/news/"><span class=c-overline>News</span></a><a href="%(u)s"><h2 class=c-heading>%(t)s</h2></a></div>
<div class=results-list--description-container><a href="%(u)s"><p class=c-paragraph>%(s)s</p></a></div><div class=results-list--author-date><span class=c-attribution>By <a href="/author/mo-lark/">Mo Lark</a></span><time class=c-date datetime="%(day)sT21:00:00Z">%(d)s at 9:00PM UTC</time></div></article>''',
            main,
        )
    }
<button class="c-button">See More</button></div></section>
<aside class=b-right-rail__right><div class=b-top-table-list><h2 class=c-heading>Top stories</h2>{
        written(
            '<div class=top-table-list-item><a href="%(u)s"><h2 class=c-heading>%(t)s</h2></a></div>', menu
        )
    }</div></aside></div>"""
    return Shown("results-list", "en", f"{BASE}/news/", html, main, {"Top stories": menu})


def media_list() -> Shown:
    """Bootstrap: media objects, tabs of newest and most read beside, an advert after the third item."""
    main, popular = stories("id", "/read/{day}/12/2025/{slug}", lead=False), others("id", "/read/1{n}/{slug}")
    item = """<div class=media><div class=media-left><a href="%(u)s"><img class=media-object src="/t/%(i)s.jpg" width=120></a></div><div class=media-body><small><a href="/kanal/kota" class="label label-danger">Kota</a></small><h4 class=media-heading><a href="%(u)s">%(t)s</a></h4><small class=text-muted><i class="fa fa-clock-o"></i> %(d)s</small></div></div>"""
    html = f"""<div class="navbar navbar-default"><ul class="nav navbar-nav"><li><a href=/>Home</a></li><li class=dropdown><a href="/kanal/kota">Kota <b class=caret></b></a></li><li><a href="/kanal/desa">Desa</a></li><li><a href="/indeks">Indeks</a></li></ul></div>
<div class="container"><div class=row><div class=col-md-8><ol class=breadcrumb><li><a href=/>Home</a></li><li class=active>Kota</li></ol>{written(item, main[:3])}<div class="well text-center"><a href="https://iklan.example/klik?b=3"><img src="/iklan.gif" alt="Cicilan motor ringan tanpa uang muka"></a></div>{written(item, main[3:])}
<ul class=pagination><li class=active><a>1</a></li><li><a href="/kanal/kota?page=2">2</a></li></ul></div>
<div class=col-md-4><ul class="nav nav-tabs"><li class=active><a href="#populer" data-toggle=tab>Terpopuler</a></li><li><a href="#video" data-toggle=tab>Video</a></li></ul><div class=tab-content><div class="tab-pane active" id=populer><ul class=list-unstyled>{written('<li><span class=badge>%(n)s</span> <a href="%(u)s">%(t)s</a></li>', popular)}</ul></div></div></div></div></div>"""
    return Shown("media-list", "id", f"{BASE}/kanal/kota", html, main)


def table_portal() -> Shown:
    """A Japanese portal of nested tables: marks before the links, the ranking in the right cell."""
    main, ranking = (
        stories("ja", "/news/article.cgi?id=20251{n}", lead=False),
        others("ja", "/news/article.cgi?id=20250{n}"),
    )
    html = f"""<table width=900 border=0 cellpadding=0><tr><td colspan=3 bgcolor="#003366"><a href="/"><img src="/logo.gif" alt="るあん新聞"></a></td></tr><tr valign=top><td width=140 bgcolor="#eeeeee"><table width=100%><tr><td><a href="/seiji/">政治</a></td></tr><tr><td><a href="/keizai/">経済</a></td></tr><tr><td><a href="/sports/">スポーツ</a></td></tr><tr><td><a href="/kurashi/">くらし</a></td></tr></table></td>
<td width=520><font size=4 color=navy><b>地域ニュース</b></font><hr size=1><table width=100% cellspacing=4>
{written('<tr><td valign=top width=12><font color=red>■</font></td><td><a href="%(u)s">%(t)s</a> <font size=2 color=gray>(%(d)s)</font></td></tr>', main)}</table><div align=right><a href="/news/list.cgi?p=2">以前の記事 &gt;&gt;</a></div></td>
<td width=220><table width=100% bgcolor="#ffffee"><tr><td><b>アクセスランキング</b></td></tr>{written('<tr><td>%(n)s位 <a href="%(u)s">%(t)s</a></td></tr>', ranking)}</table></td></tr></table>"""
    return Shown("table-portal", "ja", f"{BASE}/news/list.cgi", html, main, {"アクセスランキング": ranking})


def government() -> Shown:
    """A Chinese authority: the date in brackets before the link's cut text, channels beside, friends below."""
    main = stories("zh", "/zwgk/202512/t202512{day}_{n}.html", lead=False)
    html = f"""<div class=top><ul class=nav><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/bsfw/">办事服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class=wz>您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div><div class=con><div class=con_l><ul><li class=on><a href="/zwgk/tz/">通知公告</a></li><li><a href="/zwgk/rs/">人事任免</a></li><li><a href="/zwgk/cz/">财政预算</a></li></ul></div>
<div class=con_r><ul class=gl_list>{"".join(f'<li><span>[{one.date}]</span><a href="{one.path}" title="{one.title}" target=_blank>{one.title[:11]}…</a></li>' for one in main)}</ul><div class=page>共12页 <a href="index_1.html">下一页</a> <a href="index_11.html">尾页</a></div></div></div>
<div class=links>友情链接：<a href="https://a.example/">中国政府网门户网站</a><a href="https://b.example/">省人民政府办公厅网站</a><a href="https://c.example/">市档案馆公共服务网站</a></div>"""
    return Shown("government", "zh", f"{BASE}/zwgk/", html, main)


def amp() -> Shown:
    """AMP: pictures are amp-img, a carousel of the same cards above, the whole card a link."""
    main, hero = stories("pt", "/amp/{slug}-{n}.html"), others("pt", "/amp/{slug}-{n}.html")
    html = f"""<amp-sidebar id=sb layout=nodisplay><ul><li><a href="/amp/cidade">Cidade</a></li><li><a href="/amp/mar">Mar</a></li></ul></amp-sidebar><header class=hd><a href="/amp/"><amp-img src="/logo.png" width=90 height=30></amp-img></a></header>
<amp-carousel type=slides width=400 height=300>{written('<div class=slide><a href="%(u)s"><amp-img src="/i/h%(i)s.jpg" width=400 height=300></amp-img><div class=caption>%(t)s</div></a></div>', hero)}</amp-carousel>
<div class=lst><h1 class=ttl>Cidade</h1>{written('<div class=cd><a class=lk href="%(u)s"><amp-img src="/i/%(i)s.jpg" width=120 height=80></amp-img><div class=tx><span class=kt>Obras</span><span class=hl>%(t)s</span><span class=dt>%(d)s</span></div></a></div>', main)}</div>
<a class=nx href="/amp/cidade?p=2">Próxima página</a><amp-consent id=cs layout=nodisplay><div>Este site usa cookies. <button>Aceitar</button></div></amp-consent>"""
    return Shown("amp", "pt", f"{BASE}/amp/cidade", html, main)


def components() -> Shown:
    """Components rendered on the server: elements of the house's own names around plain links."""
    main, side = stories("en", "/s/{n}/{slug}"), others("en", "/s/{n}/{slug}")
    html = f"""<site-header><template shadowrootmode=open><style>:host{{display:block}}</style><slot></slot></template><a href="/harbour">Harbour</a><a href="/hills">Hills</a></site-header>
<page-shell><story-river heading="Newest"><template shadowrootmode=open><h2>Newest</h2><slot></slot></template>
{written('<story-card><template shadowrootmode=open><article><slot name=headline></slot><slot name=when></slot></article></template><a slot=headline href="%(u)s">%(t)s</a><relative-time slot=when datetime="%(day)sT19:00:00Z">%(d)s</relative-time><p slot=standfirst>%(s)s</p></story-card>', main)}</story-river>
<side-rail><rank-list><h3>Most shared</h3>{written('<rank-item><a href="%(u)s">%(t)s</a></rank-item>', side)}</rank-list></side-rail></page-shell>"""
    return Shown("components", "en", f"{BASE}/", html, main, {"Most shared": side})


def bulma() -> Shown:
    """Bulma: columns of cards; share and save in each card's footer; the hero says what the page is."""
    main = stories("fr", "/article/{n}/{slug}")
    html = f"""<nav class="navbar is-light"><div class=navbar-brand><a class=navbar-item href="/">Ruang</a></div><div class=navbar-menu><a class=navbar-item href="/culture">Culture</a><a class=navbar-item href="/abonnement">S’abonner</a></div></nav>
<section class="hero is-small"><div class=hero-body><p class=title>Culture</p><p class=subtitle>Tout ce qui se joue, s’écrit et se chante dans la vallée</p></div></section><section class=section><div class="columns is-multiline">
{written('''<div class="column is-4"><div class=card><div class=card-image><figure class="image is-4by3"><img src="/img/%(i)s.jpg" alt="Photo %(n)s"></figure></div><div class=card-content><p class="title is-5"><a href="%(u)s">%(t)s</a></p><p class="subtitle is-7">%(d)s par <a href="/auteur/paul-vidal">Paul Vidal</a></p><div class=content>%(s)s</div></div><footer class=card-footer><a class=card-footer-item href="https://social.example/share?u=%(i)s">Partager</a><a class=card-footer-item href="/enregistrer/%(i)s">Enregistrer</a></footer></div></div>''', main)}
</div><nav class=pagination><a class=pagination-next href="/culture?page=2">Page suivante</a></nav></section>"""
    return Shown("bulma", "fr", f"{BASE}/culture", html, main)


def reading_app() -> Shown:
    """A platform of essays: author above the title, minutes of reading, staff picks and people beside."""
    main, picks = stories("en", "/@rowan/{slug}-a1f{n}"), others("en", "/@ivy/{slug}-b2e{n}")
    html = f"""<div class=root><div class="l m"><a href="/">Ruang</a><a href="/m/signin">Sign in</a></div><div class=n><main class=o>
{written('''<article class=q><div class="r s"><a class=t href="/@rowan"><img src="/a/1.png" alt="Rowan Pike"></a><a class=t href="/@rowan"><p>Rowan Pike</p></a><span>in</span><a class=t href="/the-quay"><p>The Quay</p></a></div><div class=u role=link data-href="%(u)s"><a href="%(u)s?source=home---%(i)s"><h2 class=v>%(t)s</h2><div class=w><h3>%(s)s</h3></div></a></div><div class=x><span>%(d)s</span><span>6 min read</span><a href="/tag/town">Town</a><button>Save</button></div></article>''', main)}</main>
<div class=y><h2>Staff Picks</h2>{written('<div class=z><a href="/@ivy"><p>Ivy Marsh</p></a><a href="%(u)s"><h2>%(t)s</h2></a></div>', picks)}<a href="/lists">See the full list</a><h2>Who to follow</h2><div class=z><a href="/@lou"><h2>Lou Carver</h2><p>Writes about boats, harbours and the people who own neither of them.</p></a></div></div></div></div>"""
    return Shown("reading-app", "en", f"{BASE}/", html, main, {"Staff Picks": picks})


def ticker() -> Shown:
    """An Arabic portal: urgent lines that run along the top, the list, ranks beside it."""
    main, most = stories("ar", "/article/{n}91/{slug}"), others("ar", "/article/{n}30/{slug}")
    html = f"""<div dir=rtl><div class=urgent><b>عاجل</b><div class=marquee>{written('<a href="%(u)s">%(t)s</a>', most[:3])}</div></div><ul class=mainmenu><li><a href="/cat/1">سياسة</a></li><li><a href="/cat/2">اقتصاد</a></li><li><a href="/cat/3">رياضة</a></li></ul>
<div class=page><div class=right><h2>محليات</h2>{written('<div class=bx><a href="%(u)s"><img src="/up/%(i)s.jpg" alt="%(t)s"></a><div class=tit><a href="%(u)s">%(t)s</a></div><div class=tm>%(d)s</div><p>%(s)s</p></div>', main)}<div class=pages><a href="/cat/5?p=2">2</a> <a href="/cat/5?p=3">3</a> <a href="/cat/5?p=2">التالي</a></div></div>
<div class=left><h2>الأكثر قراءة</h2><ol class=ranks>{written('<li><span>%(n)s</span><a href="%(u)s">%(t)s</a></li>', most)}</ol></div></div></div>"""
    return Shown("ticker", "ar", f"{BASE}/cat/5", html, main, {"الأكثر قراءة": most})


def persian() -> Shown:
    """A Persian agency: lines with a mark, the kicker above the title, hours since in digits of its own."""
    main = stories("fa", "/fa/news/{n}8812/{slug}")
    html = f"""<div class=header><a href="/fa">روان</a><ul><li><a href="/fa/politics">سیاسی</a></li><li><a href="/fa/social">اجتماعی</a></li><li><a href="/fa/sport">ورزشی</a></li></ul></div><div class=archive><div class=archive_title>آرشیو اجتماعی</div>
{written('<div class=linear_news><a class=res href="%(u)s"><img src="/files/%(i)s.jpg"></a><div class=rutitr>شهر</div><a class=title5 href="%(u)s" target=_blank>%(t)s</a><div class=lead>%(s)s</div><div class=news_pdate_c>%(d)s</div></div>', main)}<div class=pagination><a href="/fa/archive?p=2">بعدی</a></div></div>"""
    return Shown("persian", "fa", f"{BASE}/fa/archive", html, main)


def thai() -> Shown:
    """A Thai site: views and shares in each card, years of the Buddhist era, popular below."""
    main, popular = stories("th", "/content/{n}7788", lead=False), others("th", "/content/{n}5566")
    html = f"""<div class=topbar><a href=/>หน้าแรก</a><a href=/local>ท้องถิ่น</a><a href=/lotto>ตรวจหวย</a><a href=/horo>ดูดวง</a></div><div class=wrap><h1 class=cat>ข่าวท้องถิ่น</h1><div class=grid>
{written('<div class=c4><a href="%(u)s" class=pic><img data-src="/p/%(i)s.jpg"></a><h3><a href="%(u)s">%(t)s</a></h3><div class=mt><span class=d>%(d)s</span><span class=v>1,2%(i)s ครั้ง</span><span class=sh>แชร์ %(i)s</span></div></div>', main)}</div></div>
<div class=pop><h2>ข่าวยอดนิยม</h2><ul>{written('<li><a href="%(u)s">%(t)s</a></li>', popular)}</ul></div>"""
    return Shown("thai", "th", f"{BASE}/local", html, main, {"ข่าวยอดนิยม": popular})


NEWSROOMS = (
    tailwind,
    results_list,
    media_list,
    table_portal,
    government,
    amp,
    components,
    bulma,
    reading_app,
    ticker,
    persian,
    thai,
)
