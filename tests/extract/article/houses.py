"""Article pages by hand, as systems and newsrooms write them, without a word for machines.

Each entry is one page; what a reader sees on it is known as it is written. No page is copied from a site.
"""

from __future__ import annotations

from dataclasses import dataclass

BASE = "https://ruang.example"


@dataclass(frozen=True)
class Read:
    """An article page and what a reader takes from it."""

    name: str
    language: str
    path: str
    html: str
    title: str
    published: str  #: ISO 8601; a date alone where the page shows no time of day
    authors: tuple[str, ...]
    image: str  #: the file of the lead picture, or ""
    text: tuple[str, ...]  #: paragraphs of the text
    absent: tuple[str, ...] = ()  #: what is no part of it
    zone: str = ""


def paragraphs(text: tuple[str, ...]) -> str:
    """The paragraphs as elements."""
    return "".join(f"<p>{one}</p>\n" for one in text)


EN = (
    "The tide gauge on the old quay will move two miles upriver in spring, the harbour office said on Thursday, because ships have begun to moor in front of it.",
    "It has stood there since the winter of the great flood and has been read by hand twice a day by four generations of one family.",
    "“We will still write the figures down,” said the keeper, who is paid a bag of coal a month, “but nobody will see us do it.”",
    "A new mast with a small roof has been built beside the pumping station, where the water is calmer and the road is better.",
)
ID = (
    "Alat ukur pasang surut di dermaga lama akan dipindahkan dua mil ke hulu pada musim kemarau, kata kantor pelabuhan, Kamis, karena kapal mulai bersandar di depannya.",
    "Alat itu berdiri sejak banjir besar dan dibaca dua kali sehari oleh empat generasi dari satu keluarga penjaga.",
    "“Kami tetap mencatat angkanya setiap pagi,” kata penjaga yang dibayar dengan sekarung beras setiap bulan.",
    "Tiang baru dengan atap kecil telah dibangun di samping rumah pompa, tempat airnya lebih tenang dan jalannya lebih baik.",
)
ES = (
    "El mareógrafo del muelle viejo se mudará río arriba en primavera, según anunció el jueves la oficina del puerto, porque los barcos han empezado a atracar delante.",
    "Está allí desde el invierno de la gran riada y lo han leído a mano, dos veces al día, cuatro generaciones de una misma familia.",
    "«Seguiremos apuntando las cifras», dijo el guarda, que cobra un saco de carbón al mes, «pero nadie nos verá hacerlo».",
    "Junto a la estación de bombeo se ha levantado un mástil con un pequeño tejado, donde el agua está más quieta.",
)
JA = (
    "港湾事務所は木曜日、古い岸壁に立つ潮位計を来春、二キロ上流へ移すと発表した。船が前に停泊するようになったためだという。",
    "潮位計は大水害の冬から百年にわたり同じ場所にあり、一つの家族の四代が一日に二度、手で目盛りを読んできた。",
    "「数字はこれからも書き続けます」と番人は話す。報酬は月に石炭一袋だが、辞めようと思ったことはないという。",
    "新しい柱は揚水場の横に建てられ、水面は穏やかで道も広い。移設の費用は港湾使用料でまかなう。",
)
AR = (
    "أعلن مكتب الميناء يوم الخميس أن مقياس المد على الرصيف القديم سينقل في الربيع ميلين إلى أعلى النهر لأن السفن صارت ترسو أمامه.",
    "والمقياس قائم في مكانه منذ شتاء الفيضان الكبير، وقرأته باليد مرتين كل يوم أربعة أجيال من عائلة واحدة.",
    "وقال الحارس الذي يتقاضى كيس فحم كل شهر: سنواصل تدوين الأرقام كل صباح ولكن لن يرانا أحد ونحن نفعل ذلك.",
    "وقد أقيم عمود جديد بسقف صغير إلى جانب محطة الضخ حيث الماء أهدأ والطريق أفضل مما كان عند الرصيف.",
)
TH = (
    "สำนักงานท่าเรือแถลงเมื่อวันพฤหัสบดีว่าจะย้ายเครื่องวัดระดับน้ำที่ท่าเก่าขึ้นไปต้นน้ำสองไมล์ในฤดูร้อน เพราะเรือเริ่มมาจอดบังด้านหน้า",
    "เครื่องวัดนี้ตั้งอยู่ตั้งแต่ปีน้ำท่วมใหญ่ และคนสี่รุ่นของครอบครัวเดียวกันอ่านค่าด้วยมือวันละสองครั้งตลอดมา",
    "ผู้ดูแลซึ่งได้ค่าจ้างเป็นข้าวเดือนละหนึ่งกระสอบกล่าวว่าเราจะยังจดตัวเลขต่อไปทุกเช้าเหมือนเดิม",
    "เสาใหม่ที่มีหลังคาเล็กสร้างเสร็จแล้วข้างโรงสูบน้ำ ซึ่งน้ำนิ่งกว่าและถนนดีกว่าที่ท่าเก่า",
)
VI = (
    "Trạm đo thủy triều ở bến cũ sẽ dời lên thượng nguồn hai dặm vào mùa xuân, văn phòng cảng cho biết hôm thứ Năm, vì tàu bắt đầu neo ngay trước trạm.",
    "Trạm đứng ở đó từ mùa đông của trận lụt lớn và được bốn thế hệ của một gia đình đọc bằng tay hai lần mỗi ngày.",
    "“Chúng tôi vẫn sẽ ghi lại các con số”, người giữ trạm, được trả một bao gạo mỗi tháng, nói với phóng viên.",
    "Một cột mới có mái nhỏ đã được dựng cạnh trạm bơm, nơi nước lặng hơn và đường đi cũng tốt hơn nhiều.",
)
TR = (
    "Eski rıhtımdaki gelgit ölçer ilkbaharda nehrin iki mil yukarısına taşınacak; liman idaresi perşembe günü gemilerin önüne yanaşmaya başladığını söyledi.",
    "Ölçer büyük selin olduğu kıştan beri orada duruyor ve bir ailenin dört kuşağı tarafından günde iki kez elle okunuyor.",
    "“Rakamları yazmayı sürdüreceğiz” diyen bekçi ayda bir çuval kömür alıyor ve işini bırakmayı hiç düşünmemiş.",
    "Pompa istasyonunun yanına küçük çatılı yeni bir direk dikildi; orada su daha durgun, yol da daha iyi.",
)
RU = (
    "Футшток со старого причала весной перенесут на две мили вверх по реке, сообщило в четверг управление порта: перед ним стали швартоваться суда.",
    "Он стоит там с зимы большого наводнения, и четыре поколения одной семьи дважды в день снимали показания вручную.",
    "«Мы и дальше будем записывать цифры», — сказал смотритель, которому платят мешком угля в месяц, — «но никто этого не увидит».",
    "Рядом с насосной станцией уже поставили новую мачту с маленькой крышей, там вода спокойнее и дорога лучше.",
)
KO = (
    "항만사무소는 옛 부두의 조위계를 봄에 상류로 옮긴다고 목요일 밝혔다. 배들이 그 앞에 정박하기 시작했기 때문이다.",
    "조위계는 큰 홍수가 난 겨울부터 그 자리에 있었고, 한 집안의 네 세대가 하루 두 번 손으로 눈금을 읽어 왔다.",
    "“숫자는 계속 적을 겁니다.” 한 달에 석탄 한 자루를 받는 지킴이는 이렇게 말하며 웃었다.",
    "양수장 옆에는 작은 지붕을 인 새 기둥이 이미 세워졌다. 그곳은 물이 더 잔잔하고 길도 더 좋다.",
)
FA = (
    "دفتر بندر روز پنجشنبه اعلام کرد جزرسنج اسکله قدیمی بهار آینده دو مایل به بالادست رود منتقل می‌شود، چون کشتی‌ها جلوی آن پهلو می‌گیرند.",
    "این دستگاه از زمستان سیل بزرگ همان‌جا ایستاده و چهار نسل از یک خانواده روزی دو بار آن را با دست خوانده‌اند.",
    "نگهبان که ماهی یک کیسه زغال مزد می‌گیرد گفت: «باز هم عددها را می‌نویسیم، ولی کسی ما را نمی‌بیند.»",
    "ستون تازه‌ای با سقف کوچک کنار ایستگاه پمپاژ ساخته شده است؛ آنجا آب آرام‌تر و راه بهتر است.",
)
DE = (
    "Der Pegel am alten Kai zieht im Frühjahr zwei Meilen flussaufwärts, teilte das Hafenamt am Donnerstag mit, weil Schiffe davor festmachen.",
    "Er steht dort seit dem Winter der großen Flut, und vier Generationen einer Familie haben ihn zweimal am Tag von Hand abgelesen.",
    "„Wir schreiben die Zahlen weiter auf“, sagte der Wärter, der im Monat einen Sack Kohle bekommt, „aber keiner sieht uns mehr.“",
    "Neben dem Pumpwerk steht schon ein neuer Mast mit einem kleinen Dach, dort ist das Wasser ruhiger und die Straße besser.",
)
TITLES = {
    "en": "Tide gauge moves upriver after a century at the old quay",
    "id": "Alat Ukur Pasang Dipindahkan ke Hulu Setelah Seabad di Dermaga",
    "es": "El mareógrafo se muda río arriba tras un siglo en el muelle viejo",
    "ja": "潮位計が百年ぶりに上流の岸壁へ移設される",
    "ar": "نقل مقياس المد إلى أعلى النهر بعد قرن على الرصيف القديم",
    "th": "ย้ายเครื่องวัดน้ำขึ้นน้ำลงไปต้นน้ำหลังตั้งที่ท่าเดิมร้อยปี",
    "vi": "Trạm đo thủy triều dời lên thượng nguồn sau một thế kỷ",
    "tr": "Gelgit ölçer yüz yıl sonra nehrin yukarısına taşınıyor",
    "ru": "Футшток перенесут вверх по реке спустя сто лет у старого причала",
    "ko": "조위계, 백 년 만에 옛 부두 떠나 강 상류로 옮긴다",
    "fa": "جزرسنج قدیمی پس از یک قرن به بالادست رود منتقل شد",
    "de": "Pegel zieht nach hundert Jahren vom alten Kai flussaufwärts",
}
MORE = (
    "Whale swims into the harbour and stays for lunch",
    "Mayor loses at chess to a pupil of nine",
    "Ferry is free for everybody on Sunday",
    "Lost bell of the chapel found in a barn",
)


def _cards(pattern: str, titles: tuple[str, ...] = MORE) -> str:
    return "".join(pattern % {"t": title, "n": n} for n, title in enumerate(titles))


PAGES = (
    Read(
        "drupal node",
        "en",
        "/node/4711",
        f"""<nav class=tb-megamenu><ul><li><a href=/town>Town</a></li><li><a href=/sea>Sea</a></li></ul></nav><div class=region-content><h1 class="page-title"><span class="field field--name-title">{TITLES["en"]}</span></h1><article class="node node--type-article"><footer class=node__meta><div class=node__submitted>Submitted by <span><a href="/user/8" title="View user profile.">Nora Tidewell</a></span> on <span>Thu, 12/18/2025 - 19:05</span></div></footer><div class=node__content><div class="field field--name-field-image"><img src="/sites/default/files/styles/large/public/2025-12/gauge.jpg" width=800 height=500 alt="The gauge"></div><div class="field field--name-body">{paragraphs(EN)}</div><div class="field field--name-field-tags"><div class=field__label>Tags</div><a href="/tags/river">River</a></div></div></article></div><aside><div class="block-views"><h2>Recent content</h2>{_cards('<div class=views-row><a href="/node/47%(n)s"><img src="/t/%(n)s.jpg">%(t)s</a> <span>Fri, 12/19/2025 - 08:1%(n)s</span></div>')}</div></aside>""",
        TITLES["en"],
        "2025-12-18T19:05:00+00:00",
        ("Nora Tidewell",),
        "gauge.jpg",
        EN,
        MORE,
        "Europe/London",
    ),
    Read(
        "ghost post",
        "en",
        "/tide-gauge-moves/",
        f"""<header class=gh-head><a href=/>Ruang</a></header><main><article class="gh-article post"><header class=gh-article-header><a class=gh-article-tag href="/tag/town/">Town</a><h1 class=gh-article-title>{TITLES["en"]}</h1><div class=gh-article-meta><h4 class=gh-article-author-name><a href="/author/nora/">Nora Tidewell</a>, <a href="/author/ben/">Ben Quay</a></h4><div class=byline-meta-content><time datetime=2025-12-18>Dec 18, 2025</time> <span>— 3 min read</span></div></div><figure class=gh-article-image><img src="/content/images/size/w1200/gauge.jpg"><figcaption>The old mast in fog</figcaption></figure></header><section class="gh-content"> {paragraphs(EN[:2])}<div class="kg-card kg-bookmark-card"><a class=kg-bookmark-container href="https://else.example/x"><div class=kg-bookmark-title>Another site’s headline about water</div></a></div>{paragraphs(EN[2:])}<div class="kg-card kg-cta"><p>Enjoyed this? Get the letter every Sunday.</p><a href="#/portal/signup">Subscribe now</a></div></section></article><aside class=read-more-wrap>{_cards('<article class=post-card><a href="/p%(n)s/"><h2>%(t)s</h2></a><time datetime="2025-12-19">Dec 19, 2025</time></article>')}</aside></main>""",
        TITLES["en"],
        "2025-12-18",
        ("Nora Tidewell", "Ben Quay"),
        "gauge.jpg",
        EN,
        MORE,
        "Europe/London",
    ),
    Read(
        "joomla item",
        "de",
        "/index.php/ort/41-pegel",
        f"""<div class=item-page itemscope><div class=page-header><h2 itemprop=headline>{TITLES["de"]}</h2></div><dl class=article-info><dt class=article-info-term>Details</dt><dd class=createdby>Geschrieben von <span>Uwe Deich</span></dd><dd class=category-name>Kategorie: <a href="/index.php/ort">Ort</a></dd><dd class=published>Veröffentlicht: 18. Dezember 2025</dd><dd class=hits>Zugriffe: 312</dd></dl><div class="pull-left item-image"><img src="/images/pegel.jpg" width=640 height=420></div><div itemprop=articleBody>{paragraphs(DE)}</div><ul class="pager pagenav"><li class=previous><a href="/index.php/ort/40-x">Zurück</a></li><li class=next><a href="/index.php/ort/42-y">Weiter</a></li></ul></div>""",
        TITLES["de"],
        "2025-12-18",
        ("Uwe Deich",),
        "pegel.jpg",
        DE,
        ("Zugriffe",),
        "Europe/Berlin",
    ),
    Read(
        "blogger post",
        "es",
        "/2025/12/mareografo.html",
        f"""<div class=main><h2 class=date-header><span>jueves, 18 de diciembre de 2025</span></h2><div class="post hentry"><h3 class="post-title entry-title">{TITLES["es"]}</h3><div class=post-body><div class=separator><a href="https://bp.example/s1600/mareo.jpg"><img src="https://bp.example/s640/mareo.jpg" width=640 height=480></a></div>{"<br><br>".join(ES)}</div><div class=post-footer>Publicado por <span class=fn>Ana Sol</span> en <a class=timestamp-link href="/2025/12/mareografo.html"><abbr class=published>19:05</abbr></a> <span>Etiquetas: <a href="/search/label/rio">río</a></span></div></div><div id=comments><h4>2 comentarios:</h4><p>Anónimo dijo: ¡Qué pena, yo lo leía todos los domingos con mi abuelo cuando era niño!</p><p>19 de diciembre de 2025, 8:10</p></div></div>""",
        TITLES["es"],
        "2025-12-18T19:05:00+01:00",
        ("Ana Sol",),
        "mareo.jpg",
        ES,
        ("Qué pena",),
        "Europe/Madrid",
    ),
    Read(
        "utility classes",
        "en",
        "/stories/tide-gauge-41",
        f"""<div class="sticky top-0"><a href=/>Ruang</a><a href=/town class="relative">Town</a></div><div class="mx-auto max-w-2xl relative"><div class="text-sm uppercase"><a href="/town">Town</a></div><div class="text-4xl font-bold">{TITLES["en"]}</div><div class="flex items-center gap-3"><img class="h-10 w-10 rounded-full" src="/a/nora.jpg" alt="Nora Tidewell"><div><div class="font-medium">Nora Tidewell</div><div class="text-gray-500">December 18, 2025, 7:05 PM · 3 min read</div></div></div><div class="relative my-8"><img class="w-full" src="/img/gauge.jpg" width=1200 height=700 alt=""><p class="text-xs">The gauge in November. Photograph: L. Marsh</p></div><div class="prose">{paragraphs(EN)}</div><div class="grid grid-cols-2">{_cards('<a class="relative" href="/stories/x-%(n)s"><img src="/img/x%(n)s.jpg" width=600 height=400><div>%(t)s</div><div>December 19, 2025, 8:0%(n)s AM</div></a>')}</div></div>""",
        TITLES["en"],
        "2025-12-18T19:05:00+00:00",
        ("Nora Tidewell",),
        "gauge.jpg",
        EN,
        MORE,
        "Europe/London",
    ),
    Read(
        "gallery of a large system",
        "en",
        "/2025/12/18/tide-gauge-moves/",
        f"""<div id=fusion-app><section class=b-article-body><h1 class=b-headline>{TITLES["en"]}</h1><h2 class=b-subheadline>Its keepers are paid in coal</h2><div class=b-byline>By <a href="/author/nora">Nora Tidewell</a> and <a href="/author/ben">Ben Quay</a></div><div class=b-date>December 18, 2025 at 7:05 p.m. EST</div><div class=b-gallery><figure><img src="/resizer/one.jpg" width=1000 height=660><figcaption>1 of 3 The gauge (Lou Marsh for Ruang)</figcaption></figure><figure><img src="/resizer/two.jpg" width=1000 height=660><figcaption>2 of 3 The keeper’s house</figcaption></figure></div>{paragraphs(EN)}<div class=b-promo><h3>Related</h3><ul>{_cards('<li><a href="/2025/12/17/x%(n)s/">%(t)s</a></li>')}</ul></div></section></div>""",
        TITLES["en"],
        "2025-12-18T19:05:00-05:00",
        ("Nora Tidewell", "Ben Quay"),
        "one.jpg",
        EN,
        MORE,
        "America/New_York",
    ),
    Read(
        "bootstrap portal",
        "id",
        "/read/18/12/2025/alat-ukur-pasang",
        f"""<ol class=breadcrumb><li><a href=/>Home</a></li><li><a href=/kota>Kota</a></li></ol><div class=col-md-8><h1>{TITLES["id"]}</h1><p class=text-muted>Reporter: <b>Rina Halim</b> | Editor: <b>Bayu Saputra</b></p><p><small>Kamis, 18 Desember 2025 19:05 WIB</small></p><div class=thumbnail><img src="/foto/alat.jpg" width=750><div class=caption>Penjaga membaca alat ukur di dermaga lama. (Foto: Humas Pelabuhan)</div></div><p>{ID[0]}</p><p>{ID[1]}</p><p><b>Baca juga: <a href="/read/17/12/2025/feri">Feri Gratis untuk Semua Warga pada Hari Minggu</a></b></p><p>{ID[2]}</p><p>{ID[3]}</p><div class=well>Ikuti kami di <a href="https://news.example">Google News</a></div></div><div class=col-md-4><h4>Terpopuler</h4>{_cards('<div class=media><img src="/t/%(n)s.jpg"><h5><a href="/read/1%(n)s">%(t)s</a></h5><small>Jumat, 19 Desember 2025 08:0%(n)s WIB</small></div>')}</div>""",
        TITLES["id"],
        "2025-12-18T19:05:00+07:00",
        ("Rina Halim",),
        "alat.jpg",
        ID,
        (*MORE, "Feri Gratis", "Google News"),
        "Asia/Jakarta",
    ),
    Read(
        "japanese paper",
        "ja",
        "/articles/K20251218041.html",
        f"""<div class=HeaderNav><a href=/>トップ</a><a href=/local>地域</a></div><div class=ArticleTitle><div class=Title><h1>{TITLES["ja"]}</h1></div><div class=SubInfo><p class=Author>山田花子</p><p class=LastUpdated>2025年12月18日 19時05分</p></div></div><div class=ArticleText><div class=Image><a href="/photo/K1.html"><img src="//img.ruang.example/K1_L.jpg" width=640 alt="写真"></a><span class=Caption>古い岸壁に立つ潮位計＝木曜日午後、山田花子撮影</span></div>{paragraphs(JA)}<p class=EndMark>（山田花子）</p></div><div class=RelatedLinks><h3>関連記事</h3><ul><li><a href="/articles/K2.html">港に迷い込んだ鯨が昼まで居座る様子を住民が撮影</a> <span>2025年12月19日 8時00分</span></li><li><a href="/articles/K3.html">市長が九歳の児童に将棋で敗れ再戦を約束する一幕</a></li></ul></div>""",
        TITLES["ja"],
        "2025-12-18T19:05:00+09:00",
        ("山田花子",),
        "K1_L.jpg",
        JA,
        ("鯨", "将棋"),
        "Asia/Tokyo",
    ),
    Read(
        "arabic paper",
        "ar",
        "/article/4191",
        f"""<div dir=rtl><div class=menu><a href=/cat/1>سياسة</a><a href=/cat/2>اقتصاد</a></div><div class=art><h1>{TITLES["ar"]}</h1><div class=info><span>كتبت: ليلى حداد</span> <span>الخميس 18 ديسمبر 2025 07:05 م</span></div><div class=img><img src="/up/mikyas.jpg" width=700 height=400><p class=cap>المقياس على الرصيف القديم</p></div><div class=txt>{paragraphs(AR)}</div></div><div class=most><h2>الأكثر قراءة</h2><ul><li><a href="/article/4201"><img src="/up/s1.jpg">حوت يدخل الميناء ويبقى حتى الظهر أمام الناس</a><span>الجمعة 19 ديسمبر 2025 08:00 ص</span></li><li><a href="/article/4202">رئيس البلدية يخسر في الشطرنج أمام تلميذ صغير</a></li><li><a href="/article/4203">العبارة مجانية للجميع يوم الأحد المقبل كله</a></li></ul></div></div>""",
        TITLES["ar"],
        "2025-12-18T19:05:00+02:00",
        ("ليلى حداد",),
        "mikyas.jpg",
        AR,
        ("حوت", "الشطرنج"),
        "Africa/Cairo",
    ),
    Read(
        "thai portal",
        "th",
        "/content/417788",
        f"""<div class=top><a href=/>หน้าแรก</a><a href=/local>ท้องถิ่น</a></div><h1 class=hd>{TITLES["th"]}</h1><div class=by>โดย สมชาย ใจดี</div><div class=dt>เผยแพร่: 18 ธ.ค. 2568 19:05 น. | อ่าน 1,204 ครั้ง</div><div class=pic><img src="/p/meter.jpg" width=800 height=450></div><div class=ct>{"".join(f"<div>{one}</div>" for one in TH)}</div><div class=tag>แท็ก: <a href=/t/1>ท่าเรือ</a> <a href=/t/2>แม่น้ำ</a></div>""",
        TITLES["th"],
        "2025-12-18T19:05:00+07:00",
        ("สมชาย ใจดี",),
        "meter.jpg",
        TH,
        ("แท็ก",),
        "Asia/Bangkok",
    ),
    Read(
        "vietnamese paper",
        "vi",
        "/tram-do-thuy-trieu-4841.html",
        f"""<section><div class=header-content><ul class=breadcrumb><li><a href="/thoi-su">Thời sự</a></li></ul><span class=date>Thứ năm, 18/12/2025, 19:05 (GMT+7)</span></div><h1 class=title-detail>{TITLES["vi"]}</h1><p class=description>{VI[0]}</p><article class=fck_detail>{paragraphs(VI[1:])}<figure><img src="/i/tram.jpg" width=680 height=450><figcaption>Trạm đo ở bến cũ. Ảnh: Hải Nam</figcaption></figure><p style="text-align:right"><strong>Minh Anh</strong></p></article></section><div class=box><h3>Xem nhiều</h3>{_cards('<article><h4><a href="/x-%(n)s.html">%(t)s</a></h4></article>')}</div>""",
        TITLES["vi"],
        "2025-12-18T19:05:00+07:00",
        ("Minh Anh",),
        "tram.jpg",
        VI,
        MORE,
        "Asia/Ho_Chi_Minh",
    ),
    Read(
        "turkish paper",
        "tr",
        "/haber/gelgit-olcer-4101",
        f"""<div class=menu><a href=/gundem>GÜNDEM</a><a href=/spor>SPOR</a></div><div class=detay><h1>{TITLES["tr"]}</h1><h2 class=spot>Bekçinin ailesi dört kuşaktır her gün aynı merdiveni iniyor.</h2><div class=bilgi><a href="/muhabir/elif">Elif Deniz</a><span>Giriş: 18.12.2025 - 19:05</span><span>Güncelleme: 18.12.2025 - 21:40</span></div><img class=ana src="/k/olcer.jpg" width=780 height=440 alt="olcer"><div class=metin>{paragraphs(TR)}</div><div class=son><h3>SON DAKİKA</h3>{_cards('<a href="/haber/s-%(n)s"><em>19.12.2025 08:0%(n)s</em> %(t)s</a>')}</div></div>""",
        TITLES["tr"],
        "2025-12-18T19:05:00+03:00",
        ("Elif Deniz",),
        "olcer.jpg",
        TR,
        MORE,
        "Europe/Istanbul",
    ),
    Read(
        "russian agency",
        "ru",
        "/news/411207",
        f"""<div class=hd><a href=/>Руан</a><a href=/city>Город</a></div><div class=topic><div class=topic-time>19:05, 18 декабря 2025</div><h1>{TITLES["ru"]}</h1><div class=topic-authors>Мария Речная <span>(корреспондент отдела «Город»)</span></div><figure><img src="/i/futshtok.jpg" width=900 height=600><figcaption>Фото: Иван Берег / Руан</figcaption></figure><div class=topic-body>{paragraphs(RU)}</div></div><div class=last><div class=cap>Последние новости</div>{_cards('<div class=it><span>08:0%(n)s, 19 декабря 2025</span><a href="/news/50%(n)s">%(t)s</a></div>')}</div>""",
        TITLES["ru"],
        "2025-12-18T19:05:00+03:00",
        ("Мария Речная",),
        "futshtok.jpg",
        RU,
        MORE,
        "Europe/Moscow",
    ),
    Read(
        "spanish paper",
        "es",
        "/sociedad/2025-12-18/el-mareografo-se-muda.html",
        f"""<header class=e_h><a href="/">Portada</a></header><article id=main-content><header class=a_e_h><div class=a_k><a href="/obras/">Obras</a></div><h1 class=a_t>{TITLES["es"]}</h1><h2 class=a_st>La familia del guarda cobra desde hace cuatro generaciones un saco de carbón al mes</h2></header><div class=a_e_m><figure><img src="/resizer/mareo.jpg" width=980 height=550><figcaption><span>El mareógrafo, el jueves.</span><span>Lois Mar</span></figcaption></figure></div><div class=a_md><div class=a_md_a><a href="/autor/ana-sol/">Ana Sol</a></div><div class=a_md_f><span>Vigo</span> - <time><a href="/hemeroteca/2025-12-18/">18 dic 2025 - 19:05 CET</a></time></div></div><div class="a_c">{paragraphs(ES)}<section class=more_info><h3>Más información</h3><div><a href="/sociedad/2025-12-17/ballena.html">Una ballena entra en el puerto y se queda a comer</a></div></section></div></article>""",
        TITLES["es"],
        "2025-12-18T19:05:00+01:00",
        ("Ana Sol",),
        "mareo.jpg",
        ES,
        ("ballena",),
        "Europe/Madrid",
    ),
    Read(
        "amp page",
        "id",
        "/amp/alat-ukur-pasang-41.html",
        f"""<header><a href="/amp/"><amp-img src="/logo.png" width=90 height=30></amp-img></a></header><main><h1>{TITLES["id"]}</h1><div class=nm>Rina Halim</div><div class=dt>Kamis, 18 Des 2025 19:05 WIB</div><amp-img class=ph src="/foto/alat.jpg" width=700 height=420 layout=responsive></amp-img><div class=cp>Foto: Humas Pelabuhan</div><div class=bd>{paragraphs(ID[:2])}<amp-ad width=300 height=250></amp-ad>{paragraphs(ID[2:])}</div><amp-consent id=c layout=nodisplay><div><p>Kami memakai cookie agar situs berjalan dengan baik dan untuk mengukur kunjungan pembaca setiap hari.</p><button>Setuju</button></div></amp-consent></main>""",
        TITLES["id"],
        "2025-12-18T19:05:00+07:00",
        ("Rina Halim",),
        "alat.jpg",
        ID,
        ("cookie",),
        "Asia/Jakarta",
    ),
    Read(
        "essay platform",
        "en",
        "/@nora/tide-gauge-a1f41",
        f"""<div class=root><div class=l><a href="/">Ruang</a><a href="/m/signin">Sign in</a></div><article><div class=m><h1 class=n>{TITLES["en"]}</h1><div class=o><a href="/@nora"><img src="/a/n.png" width=44 height=44 alt="Nora Tidewell"></a><div><a href="/@nora">Nora Tidewell</a><span>·</span><a href="/follow">Follow</a></div><div><span>4 min read</span><span>·</span><span>Dec 18, 2025</span></div></div><div class=p><button>213</button><button>Listen</button><button>Share</button></div><figure><img src="/max/gauge.jpg" width=1400 height=900><figcaption>Photo by Lou Marsh</figcaption></figure>{paragraphs(EN)}</div></article><div class=q><h2>Written by Nora Tidewell</h2><p>1.2K followers. Writes about rivers.</p></div><div class=r><h2>More from Nora Tidewell</h2>{_cards('<div><a href="/@nora/x%(n)s"><img src="/max/x%(n)s.jpg" width=700 height=400><h2>%(t)s</h2></a><span>Dec 1%(n)s, 2025</span></div>')}</div></div>""",
        TITLES["en"],
        "2025-12-18",
        ("Nora Tidewell",),
        "gauge.jpg",
        EN,
        (*MORE, "followers"),
        "Europe/London",
    ),
    Read(
        "block theme",
        "tr",
        "/2025/12/gelgit-olcer/",
        f"""<div class=wp-site-blocks><header><p class=wp-block-site-title><a href="/">Ruang</a></p></header><main class=wp-block-group><h1 class=wp-block-post-title>{TITLES["tr"]}</h1><div class="wp-block-group is-layout-flex"><div class=wp-block-post-date><time>18 Aralık 2025</time></div><p>yazan</p><div class=wp-block-post-author><p class=wp-block-post-author__name>Elif Deniz</p></div></div><figure class=wp-block-post-featured-image><img src="/wp-content/uploads/olcer.jpg" width=1024 height=683></figure><div class="entry-content wp-block-post-content">{paragraphs(TR[:2])}<blockquote class=wp-block-quote><p>Deniz bize ne zaman geleceğini hep söylemiştir.</p></blockquote>{paragraphs(TR[2:])}</div><nav class=wp-block-post-navigation-link><a href="/2025/12/onceki/">Önceki: Baraj gölü yedi yıl sonra ilk kez doldu</a></nav></main></div>""",
        TITLES["tr"],
        "2025-12-18",
        ("Elif Deniz",),
        "olcer.jpg",
        (*TR, "Deniz bize ne zaman geleceğini hep söylemiştir."),
        ("Baraj",),
        "Europe/Istanbul",
    ),
    Read(
        "table portal",
        "ja",
        "/news/article.cgi?id=2025141",
        f"""<table width=900><tr><td colspan=2><a href=/><img src=/logo.gif width=200 height=60></a></td></tr><tr valign=top><td width=600><font size=5><b>{TITLES["ja"]}</b></font><br><font size=2 color=gray>2025年12月18日(木) 19:05　記者 山田花子</font><hr><img src="/photo/choi.jpg" width=400 height=300 align=right>{"<br><br>".join(JA)}<hr><a href="/news/list.cgi">一覧へ戻る</a></td><td width=300><b>アクセスランキング</b><br>1位 <a href="/news/article.cgi?id=2">港に迷い込んだ鯨が昼まで居座る様子を住民が撮影</a> (2025年12月19日 08:00)<br>2位 <a href="/news/article.cgi?id=3">市長が九歳の児童に将棋で敗れ再戦を約束する一幕</a> (2025年12月19日 07:00)</td></tr></table>""",
        TITLES["ja"],
        "2025-12-18T19:05:00+09:00",
        ("山田花子",),
        "choi.jpg",
        JA,
        ("鯨", "将棋"),
        "Asia/Tokyo",
    ),
    Read(
        "korean paper",
        "ko",
        "/view/2025141",
        f"""<div class=gnb><a href=/>홈</a><a href=/local>지역</a></div><h2 class=media_end_head_headline>{TITLES["ko"]}</h2><div class=info><span>입력 2025.12.18. 오후 7:05</span> <span>수정 2025.12.18. 오후 9:40</span> <em>김하늘 기자</em></div><div id=dic_area><span class=photo><img src="/img/jowi.jpg" width=647 height=430><em class=desc>옛 부두의 조위계. 사진=루안</em></span><br>{"<br><br>".join(KO)}<br><br>김하늘 기자 haneul@ruang.example</div><div class=rank><strong>많이 본 뉴스</strong><ul><li><a href="/view/1">항구에 들어온 고래가 점심때까지 머물렀다는 소식</a></li><li><a href="/view/2">시장이 아홉 살 학생에게 바둑에서 졌다는 이야기</a></li><li><a href="/view/3">일요일엔 누구나 나룻배를 공짜로 탄다고 합니다</a></li></ul></div>""",
        TITLES["ko"],
        "2025-12-18T19:05:00+09:00",
        ("김하늘",),
        "jowi.jpg",
        KO,
        ("고래", "바둑"),
        "Asia/Seoul",
    ),
    Read(
        "persian agency",
        "fa",
        "/fa/news/418812",
        f"""<div dir=rtl><div class=header><a href=/fa>روان</a></div><div class=news_nav><span class=news_pdate>تاریخ انتشار: ۲۷ آذر ۱۴۰۴ - ۱۹:۰۵</span> <span>کد خبر: ۴۱۸۸۱۲</span></div><div class=rutitr>شهر</div><h1 class=title>{TITLES["fa"]}</h1><div class=subtitle>{FA[0]}</div><div class=body><img src="/files/jazr.jpg" width=660 height=400>{paragraphs(FA[1:])}</div><div class=kadr><div>اخبار مرتبط</div><ul><li><a href="/fa/news/4">نهنگی وارد بندر شد و تا ظهر همان‌جا ماند</a> <span>۲۸ آذر ۱۴۰۴ - ۰۸:۰۰</span></li><li><a href="/fa/news/5">شهردار در شطرنج از دانش‌آموز نه ساله باخت</a></li><li><a href="/fa/news/6">قایق روز یکشنبه برای همه رایگان خواهد بود</a></li></ul></div></div>""",
        TITLES["fa"],
        "2025-12-18T19:05:00+03:30",
        (),
        "jazr.jpg",
        FA,
        ("نهنگی", "شطرنج"),
        "Asia/Tehran",
    ),
    Read(
        "live report",
        "de",
        "/live/pegel-umzug",
        f"""<header><a href=/>Ruang</a></header><main><h1>{TITLES["de"]} – der Umzug im Ticker</h1><p class=meta>Von Jana Roth | Stand: 18.12.2025, 19:05 Uhr</p><p class=intro>{DE[0]}</p><div class=ticker><div class=eintrag><time>18:50</time><h3>Der Kran steht</h3><p>{DE[1]}</p></div><div class=eintrag><time>18:20</time><h3>Der Wärter spricht</h3><p>{DE[2]}</p></div><div class=eintrag><time>17:55</time><h3>Am Pumpwerk</h3><p>{DE[3]}</p></div></div></main><footer><h4>Meistgelesen</h4>{_cards('<a href="/a%(n)s">%(t)s</a>')}</footer>""",
        TITLES["de"] + " – der Umzug im Ticker",
        "2025-12-18T19:05:00+01:00",
        ("Jana Roth",),
        "",
        (*DE, "Der Kran steht"),
        MORE,
        "Europe/Berlin",
    ),
    Read(
        "short notice",
        "en",
        "/news/41",
        f"""<div id=nav><a href=/>Home</a> <a href=/news>News</a></div><div id=c><h1>{TITLES["en"]}</h1><span class=date>18.12.2025 19:05</span><div><p>{EN[0]}</p></div></div><div id=more><b>More news</b>{_cards('<div><a href="/news/3%(n)s">%(t)s</a><p>The works department says that nothing of this kind has happened since the bridge was built, and that it will be looked into before the end of the month.</p></div>')}</div><div id=f>© Ruang 2025. All rights reserved. No part may be reproduced.</div>""",
        TITLES["en"],
        "2025-12-18T19:05:00+00:00",
        (),
        "",
        EN[:1],
        (*MORE, "works department", "rights reserved"),
        "Europe/London",
    ),
)
