"""List pages as content systems of newsrooms write them: Drupal, Ghost, Joomla, Blogger, TYPO3, Liferay, Webflow …

Each function is one page by hand; what it shows is known as it is written. No page is copied from a site.
"""

from __future__ import annotations

from tests.extract.listing.houses import BASE, Shown, others, stories, written


def drupal() -> Shown:
    """Drupal: a view of fields, a mega menu with blocks of a view, "popular content" in the second sidebar."""
    main, popular = stories("es", "/actualidad/{slug}"), others("es", "/node/4{n}")
    html = f"""<div id=page-wrapper><nav class="tb-megamenu tb-megamenu-main"><ul class=tb-megamenu-nav>
<li class=tb-megamenu-item><a href=/actualidad>Actualidad</a><div class=tb-megamenu-submenu><ul>
<li><a href=/actualidad/ciudad>Ciudad</a></li><li><a href=/actualidad/comarca>Comarca</a></li></ul></div></li>
<li class=tb-megamenu-item><a href=/cultura>Cultura</a></li><li><a href=/deportes>Deportes</a></li></ul></nav>
<h1 class=page-header>Actualidad</h1><div class=region-content><div class="view view-frontpage"><div class=view-content>
{
        written(
            '''<div class="views-row views-row-%(n)s"><div class="views-field views-field-title"><span class=field-content><a href="%(u)s" hreflang=es>%(t)s</a></span></div>
<span class="views-field views-field-created"><span class=field-content>%(d)s</span></span>
<div class="views-field views-field-body"><div class=field-content><p>%(s)s</p></div></div>
<div class="views-field views-field-view-node"><span class=field-content><a href="%(u)s">Leer más</a></span></div></div>''',
            main,
        )
    }
</div><ul class="pager js-pager__items"><li class=pager__item><a href="?page=1">2</a></li><li><a href="?page=2">3</a></li></ul></div></div>
<aside class="region-sidebar-second"><section class="block block-views-blockpopular"><h2 class=block-title>Lo más leído</h2>
<div class=item-list><ol>{
        written('<li class=leaf><a href="%(u)s">%(t)s</a></li>', popular)
    }</ol></div></section></aside></div>"""
    return Shown("drupal", "es", f"{BASE}/actualidad", html, main, {"Lo más leído": popular})


def ghost() -> Shown:
    """Ghost: cards whose text is one link, the picture another, a big first card, footer with reading time."""
    main = stories("en", "/{slug}/")
    html = f"""<div class=viewport><header id=gh-head class="gh-head outer"><nav><a class=gh-head-logo href="{
        BASE
    }">Ruang</a>
<ul class=nav><li class=nav-home><a href="{BASE}/">Home</a></li><li><a href="{
        BASE
    }/about/">About</a></li></ul></nav></header>
<main id=site-main class="site-main outer"><div class="inner posts"><div class=post-feed>
{
        written(
            '''<article class="post-card post tag-town post-%(i)s"><a class=post-card-image-link href="%(u)s"><img class=post-card-image srcset="/content/images/size/w300/%(i)s.jpg 300w" src="/content/images/size/w600/%(i)s.jpg" alt="%(t)s"></a>
<div class=post-card-content><a class=post-card-content-link href="%(u)s"><header class=post-card-header><div class=post-card-tags><span class=post-card-primary-tag>Town</span></div><h2 class=post-card-title>%(t)s</h2></header>
<div class=post-card-excerpt>%(s)s</div></a><footer class=post-card-meta><time class=post-card-meta-date datetime="%(day)s">%(d)s</time><span class=post-card-meta-length>4 min read</span></footer></div></article>''',
            main,
        )
    }</div></div>
<nav class=pagination><a class=older-posts href="/page/2/">Older Posts</a></nav></main>
<div class=footer-cta><h2>Sign up for more like this.</h2><a href="#/portal">Enter your email</a></div></div>"""
    return Shown("ghost", "en", f"{BASE}/", html, main)


def joomla_blog() -> Shown:
    """Joomla: leading items, rows of two columns, "Read more: TITLE" below each."""
    main = stories("de", "/index.php/ort/{n}-{slug}")
    item = """<div class="item column-1" itemprop=blogPost><div class=page-header><h2 itemprop=name><a href="%(u)s" itemprop=url>%(t)s</a></h2></div>
<dl class="article-info muted"><dt class=article-info-term>Details</dt><dd class=createdby>Geschrieben von <span>Redaktion</span></dd><dd class=category-name>Kategorie: <a href="/index.php/ort">Ort</a></dd><dd class=published>Veröffentlicht: %(d)s</dd><dd class=hits>Zugriffe: 1%(i)s7</dd></dl>
<p>%(s)s</p><p class=readmore><a class="btn" href="%(u)s" aria-label="Weiterlesen: %(t)s">Weiterlesen: %(t)s</a></p></div>"""
    rows = "".join(
        f'<div class="items-row cols-2 row-{n} row-fluid clearfix">{written(f"<div class=span6>{item}</div>", main[n : n + 2])}</div>'
        for n in (2, 4, 6)
    )
    html = f"""<div class=body><div class=navigation><ul class="nav menu nav-pills"><li><a href="/index.php">Start</a></li><li class=active><a href="/index.php/ort">Ort</a></li><li><a href="/index.php/vereine">Vereine</a></li></ul></div>
<main id=content><div class=blog itemscope><div class=items-leading>{written("<div class=leading-%(i)s>" + item + "</div>", main[:2])}</div>{rows}
<div class=items-more><h3>Weitere Beiträge ...</h3><ol class="nav nav-tabs nav-stacked">{written('<li><a href="%(u)s">%(t)s</a></li>', others("de", "/index.php/ort/{n}-{slug}"))}</ol></div>
<div class=pagination><p class="counter pull-right">Seite 1 von 9</p><ul><li><a href="/index.php/ort?start=12">2</a></li></ul></div></div></main></div>"""
    return Shown("joomla-blog", "de", f"{BASE}/index.php/ort", html, main)


def joomla_table() -> Shown:
    """Joomla: a category as a table with date, author and hits in cells of their own."""
    main = stories("id", "/berita/{n}-{slug}", lead=False)
    html = f"""<div class=container><ul class="menu"><li><a href="/">Beranda</a></li><li><a href="/profil">Profil</a></li><li><a href="/kontak">Kontak</a></li></ul>
<div class=category-list><h1>Berita Daerah</h1><form action="/berita" method=post name=adminForm><label>Tampilkan #</label><select name=limit><option>10</option></select>
<table class="category table table-striped table-bordered"><thead><tr><th><a href="#" onclick="Joomla.tableOrdering()">Judul</a></th><th>Tanggal Terbit</th><th>Penulis</th><th>Dilihat</th></tr></thead><tbody>
{written('<tr class="cat-list-row%(i)s"><td headers=categorylist_header_title class=list-title><a href="%(u)s"> %(t)s </a></td><td class="list-date small">%(d)s</td><td class=list-author>Ditulis oleh Humas</td><td class=list-hits><span class="badge">Dilihat: 2%(i)s</span></td></tr>', main)}
</tbody></table></form></div></div>"""
    return Shown("joomla-table", "id", f"{BASE}/berita", html, main)


def blogger() -> Shown:
    """Blogger: a heading of the day above each post, popular posts with thumbnails, the archive's tree."""
    main, popular = stories("pt", "/2025/12/{slug}.html"), others("pt", "/2025/11/{slug}.html")
    html = f"""<div class=content><div class=header><h1 class=title>Diário do Cais</h1></div><div class="main section" id=main><div class="widget Blog"><div class=blog-posts>
{
        written(
            '''<div class=date-outer><h2 class=date-header><span>%(d)s</span></h2><div class=date-posts><div class=post-outer><div class="post hentry"><a name="91%(i)s"></a><h3 class="post-title entry-title"><a href="%(u)s">%(t)s</a></h3>
<div class="post-body entry-content"><div class=separator><a href="https://blogger.example/img/s1600/%(i)s.jpg"><img src="https://blogger.example/img/s320/%(i)s.jpg" width=320></a></div>%(s)s <div class=jump-link><a href="%(u)s#more" title="%(t)s">Leia mais »</a></div></div>
<div class=post-footer><span class="post-author vcard">Postado por <a href="https://blogger.example/profile/12">Lia</a></span> às <a class=timestamp-link href="%(u)s"><abbr class=published>19:00</abbr></a> <a class=comment-link href="%(u)s#comment-form">%(i)s comentários:</a></div></div></div></div></div>''',
            main,
        )
    }</div>
<div class=blog-pager><a class=blog-pager-older-link href="/search?updated-max=2025-12-11T19:00:00">Postagens mais antigas</a></div></div></div>
<div class="sidebar section"><div class="widget PopularPosts"><h2>Postagens mais visitadas</h2><ul>{
        written(
            '<li><div class=item-thumbnail><a href="%(u)s"><img src="/s72/p%(i)s.jpg"></a></div><div class=item-title><a href="%(u)s">%(t)s</a></div><div class=item-snippet>O texto começa assim e continua por várias linhas até...</div></li>',
            popular,
        )
    }</ul></div>
<div class="widget BlogArchive"><h2>Arquivo do blog</h2><ul class=hierarchy><li><a href="/2025/">2025</a> (80)<ul><li><a href="/2025/12/">dezembro</a> (8)</li></ul></li></ul></div></div></div>"""
    return Shown("blogger", "pt", f"{BASE}/", html, main, {"Postagens mais visitadas": popular})


def typo3() -> Shown:
    """TYPO3 news: date and category before the title, which is the title attribute of the link, too."""
    main = stories("de", "/aktuelles/detail/{slug}")
    html = f"""<div class=frame-container><ul class=breadcrumb><li><a href=/>Startseite</a></li><li>Aktuelles</li></ul><header><h1>Aktuelles</h1></header>
<div class=news><div class=news-list-view id=news-container-12>{
        written(
            '''<div class="article articletype-0" itemscope><div class=news-img-wrap><a title="%(t)s" href="%(u)s"><img src="/fileadmin/_processed_/%(i)s.jpg" alt=""></a></div>
<div class=footer><p><span class=news-list-date><time datetime="%(day)s">%(d)s</time></span> <span class=news-list-category>Rathaus</span></p></div><div class=header><h3><a title="%(t)s" href="%(u)s"><span itemprop=headline>%(t)s</span></a></h3></div>
<div class=teaser-text><div itemprop=description><p>%(s)s</p></div><a class=more title="%(t)s" href="%(u)s">Weiterlesen</a></div></div>''',
            main,
        )
    }
<div class=page-navigation><p>Seite 1 von 4.</p><ul class=f3-widget-paginator><li class=current>1</li><li><a href="/aktuelles/seite-2">2</a></li></ul></div></div></div></div>"""
    return Shown("typo3", "de", f"{BASE}/aktuelles", html, main)


def liferay() -> Shown:
    """Liferay: abstracts of assets, whose titles and "more" links carry long queries."""
    main = stories("pt", "/web/guest/-/asset_publisher/Xk2/content/id/9{n}?redirect=%2Fweb%2Fguest")
    html = f"""<div id=wrapper><div class=portlet-boundary><h2 class=portlet-title-text>Notícias</h2><div class=portlet-body>
{
        written(
            '''<div class="asset-abstract default-asset-publisher"><div class="lfr-meta-actions asset-actions"><a href="/c/portal/edit?id=%(i)s">Editar</a></div>
<h4 class=asset-title><a href="%(u)s">%(t)s</a></h4><div class=asset-content><div class=asset-summary>%(s)s</div><div class=asset-more><a href="%(u)s">Leia mais<span class=hide-accessible>Sobre %(t)s</span> »</a></div></div><div class=asset-metadata><span class="metadata-entry metadata-publish-date">%(d)s</span></div><div class=separator></div></div>''',
            main,
        )
    }
<div class=taglib-page-iterator><a href="?p_p_id=101&amp;cur=2">Próximo</a></div></div></div></div>"""
    return Shown("liferay", "pt", f"{BASE}/web/guest/noticias", html, main)


def webflow() -> Shown:
    """Webflow: one link block a card, all in divs, the category before the title."""
    main = stories("fr", "/actus/{slug}")
    html = f"""<div class="navbar w-nav"><a href=/ class="brand w-nav-brand">Ruang</a><div class=w-nav-menu><a href=/equipe class=w-nav-link>L’équipe</a><a href=/tarifs class=w-nav-link>Tarifs</a></div></div>
<div class=section><div class="container w-container"><h1 class=heading-2>Actualités</h1><div class="w-dyn-list"><div role=list class="grid w-dyn-items">
{written('<div role=listitem class=w-dyn-item><a href="%(u)s" class="card-link w-inline-block"><div class=card-img style="background-image:url(/cdn/%(i)s.jpg)"></div><div class=tag>Quartier</div><div class=card-h>%(t)s</div><div class=card-p>%(s)s</div><div class=card-d>%(d)s</div></a></div>', main)}
</div></div></div></div>"""
    return Shown("webflow", "fr", f"{BASE}/actus", html, main)


def squarespace() -> Shown:
    """Squarespace: the date above, "Read More" with the title in a hidden span, author and comments below."""
    main = stories("en", "/journal/{slug}")
    html = f"""<div id=siteWrapper><header class=header><a href="/">Ruang</a><a href="/shop">Shop</a><a href="/journal">Journal</a></header><main id=page><section class=page-section><div class="blog-alternating-side-by-side">
{
        written(
            '''<article class="hentry blog-item entry"><div class=blog-image-wrapper><a href="%(u)s" class=image-wrapper><img data-src="/i/%(i)s.jpg" alt="IMG_%(i)s.jpg"></a></div><div class=blog-text-wrapper><div class=blog-meta-section><span class=blog-meta-primary><span class=blog-author>Sam Rowe</span><time class=blog-date>%(d)s</time></span></div>
<h1 class=blog-title><a href="%(u)s">%(t)s</a></h1><div class=blog-excerpt-wrapper><p>%(s)s</p></div><a href="%(u)s" class=blog-more-link>Read More</a><a href="%(u)s#comments-outer-wrapper" class=blog-comments-count>Comment</a></div></article>''',
            main,
        )
    }
</div><nav class=blog-list-pagination><a class=older rel=next href="/journal?offset=17&amp;reversePaginate=true">Older Posts</a></nav></section></main></div>"""
    return Shown("squarespace", "en", f"{BASE}/journal", html, main)


def wordpress_blocks() -> Shown:
    """WordPress, query loop of a block theme: the date is a link to the post, latest posts beside."""
    main, latest = stories("tr", "/2025/12/{slug}/"), others("tr", "/2025/12/{slug}/")
    html = f"""<div class=wp-site-blocks><header class=wp-block-template-part><p class=wp-block-site-title><a href="{
        BASE
    }">Ruang</a></p><nav class="wp-block-navigation is-responsive"><ul><li class=wp-block-navigation-item><a href="/haber/">Haber</a></li><li class=wp-block-navigation-item><a href="/yasam/">Yaşam</a></li></ul></nav></header>
<div class="wp-block-columns is-layout-flex"><div class="wp-block-column" style="flex-basis:66%"><div class="wp-block-query alignfull is-layout-flow"><ul class="wp-block-post-template is-layout-grid columns-2">
{
        written(
            '''<li class="wp-block-post post-%(i)s post type-post status-publish category-haber"><figure class=wp-block-post-featured-image><a href="%(u)s" target=_self><img src="/wp-content/uploads/%(i)s.jpg" alt="%(t)s"></a></figure><h2 class=wp-block-post-title><a href="%(u)s" target=_self>%(t)s</a></h2>
<div class=wp-block-post-excerpt><p class=wp-block-post-excerpt__excerpt>%(s)s <a class=wp-block-post-excerpt__more-link href="%(u)s">Devamını oku</a></p></div><div class="wp-block-post-date has-small-font-size"><time datetime="%(day)sT19:00:00+03:00"><a href="%(u)s">%(d)s</a></time></div></li>''',
            main,
        )
    }</ul>
<nav class=wp-block-query-pagination><a href="/page/2/" class=wp-block-query-pagination-next>Sonraki Sayfa</a></nav></div></div>
<div class=wp-block-column style="flex-basis:33%"><h2 class=wp-block-heading>Son Yazılar</h2><ul class="wp-block-latest-posts__list wp-block-latest-posts">{
        written('<li><a class=wp-block-latest-posts__post-title href="%(u)s">%(t)s</a></li>', latest)
    }</ul></div></div></div>"""
    return Shown("wordpress-blocks", "tr", f"{BASE}/", html, main, {"Son Yazılar": latest})


def sharepoint() -> Shown:
    """SharePoint: a table of announcements whose first column is a picture of the kind, titles beside menus."""
    main = stories("ar", "/ar/MediaCenter/Pages/news-{n}.aspx", lead=False)
    html = f"""<form id=aspnetForm><div id=s4-workspace><div class=ms-core-navigation><ul class=static><li><a class=static href="/ar/Pages/default.aspx">الرئيسية</a></li><li><a class=static href="/ar/MediaCenter/Pages/default.aspx">المركز الإعلامي</a></li><li><a href="/ar/Pages/contact.aspx">اتصل بنا</a></li></ul></div>
<div id=contentBox dir=rtl><h1>الأخبار</h1><table class=ms-listviewtable width=100%><tr class=ms-viewheadertr><th>النوع</th><th>العنوان</th><th>التاريخ</th></tr>
{written('<tr class=ms-itmhover><td class=ms-cellstyle><img src="/_layouts/15/images/icgen.gif" alt="%(t)s.aspx"></td><td class="ms-cellstyle ms-vb-title"><div class=ms-vb><a class=ms-listlink href="%(u)s">%(t)s</a></div></td><td class=ms-vb2><nobr>%(d)s</nobr></td></tr>', main)}</table>
<table class=ms-bottompaging><tr><td><a href="?PageFirstRow=31">31 - 60</a></td></tr></table></div></div></form>"""
    return Shown("sharepoint", "ar", f"{BASE}/ar/MediaCenter/Pages/default.aspx", html, main)


SYSTEMS = (
    drupal,
    ghost,
    joomla_blog,
    joomla_table,
    blogger,
    typo3,
    liferay,
    webflow,
    squarespace,
    wordpress_blocks,
    sharepoint,
)
