"""The words that a news page is furnished with, in the languages that feeds are made for. Data only.

Every table holds folded words (lower case) parted by `|`; a word may be a piece of a longer one where the
language glues words together (Chinese, Japanese, Korean, Thai). `words` makes one pattern of a table.
"""

from __future__ import annotations

import re


def words(table: str, *, whole: bool = False) -> re.Pattern[str]:
    """A pattern that finds a word of `table` in a text (`whole`: that is the text, but for punctuation)."""
    parts = [re.escape(word) for line in table.split("\n") for word in line.strip().split("|") if word]
    # letters of scripts without spaces have no word boundary to ask for
    body = "|".join(rf"(?<!\w){part}" if part[0].isascii() else part for part in parts)
    return re.compile(rf"^\W*(?:{body})\W*$" if whole else f"(?:{body})", re.I)


#: Headings of boxes that rank or gather what stands elsewhere: most read, trending, related, recommended.
#: Stems, so that "meistgelesen" and "meistkommentiert" need one entry.
SECONDARY = """
most |popul|trending|trends|top stories|top news|top 5|top 10|hot |viral|related|recommend|you may|you might
also |more from|more on|more in|don't miss|editor's pick|editors' pick|editor’s pick|must read
must-read|read next
comments|featured video|sponsored|partner|in case you missed|what to read|hot topics|people are reading
terpopul|terbanyak|banyak dibaca|terkait|rekomend|pilihan|baca juga|jangan lewatkan|sorotan|tren|topik
berita lainnya
meist|beliebt|auch interess|empfehl|ähnliche|verwandte|leser|kommentar|neueste kommentare|passend dazu
les plus |plus lu|à lire aussi|a lire aussi|lire aussi|sur le même|populaire|recommand|tendances
commentaires
lo más|lo mas|más leí|más leid|mas leid|más vist|más coment|relacionad|te puede|también|recomend
tendencia|populares
più lett|più vist|piu lett|i più |leggi anche|correlat|potrebbe interess|consigliat|tendenze|commenti
mais lid|mais vist|mais coment|leia também|leia mais|veja também|em alta|últimos comentários
meest gelezen|best gelezen|gerelateerd|lees ook|aanbevolen|populair|reacties
mest läst|mest læst|mest lest|relaterad|relatert|relaterede|läs också|les også|læs også|populær|populär
luetuimmat|suosituimmat|lue myös|aiheesta
najczęściej|popularne|polecane|polecamy|zobacz też|zobacz także|czytaj także|powiązane|komentarze
nejčten|nejsledov|související|mohlo by|doporuč|oblíben|najčítan|súvisiace|odporúč|komentáre|komentáře
legolvas|legnépszer|kapcsolód|ajánl|népszerű|cele mai|cititi și|recomand|najčitan|povezan|najpopul
daugiausiai skait|skaitomiausi|populiariausi|populārāk|lasītāk|loetu|enim loetud
en çok|çok okunan|ilgili|popüler|önerilen|bunlar da|editörün
популяр|самое|самые|читайте|читают|обсужда|рекоменд|по теме|похожие|комментар|топ
найчит|читайте також|схожі|най-чет|най-комент|свързан|още от|препоръч|най-гледан|топ
δημοφιλ|διαβάστε|σχετικ|περισσότερο
الأكثر|اقرأ أيض|مواضيع|ذات صلة|قد يعجب|شائع|پربازدید|پربیننده|مرتبط|محبوب|הנצפ|הנקרא|פופולרי|קשור
सबसे|संबंधित|लोकप्रिय|ट्रेंडिंग|यह भी|জনপ্রিয়|সর্বাধিক|সম্পর্কিত
ยอดนิยม|ที่เกี่ยวข้อง|แนะนำ|อ่านมาก|xem nhiều|đọc nhiều|liên quan|nổi bật|có thể bạn
热门|热点|推荐|排行|相关|最热|热评|点击|热榜|精选|熱門|推薦|相關|排行榜|人气|关注
人気|ランキング|おすすめ|関連|注目|よく読まれ|アクセス
관련|인기|많이 본|추천|랭킹|이슈|주요뉴스
"""

#: Headings of the list of everything, newest first.
LATEST = """
latest|newest|recent|just in|all news|news feed|newsfeed|more news|top stories|archive|index
terbaru|terkini|berita terkini|indeks|update|kabar terbaru|berita terbaru
neueste|aktuell|alle artikel|news-ticker|nachrichten|dernières|toute l'actu|récent|derniers
últimas|ultimas|recientes|últimos|lo último|ultime|recenti|ultimi|notizie|notícias|recentes|laatste
nieuwste|meer nieuws
senaste|seneste|siste|nyheter|nyheder|uusimmat|tuoreimmat|uutiset|najnowsze|ostatnie|aktualności|wiadomości
nejnovější|aktuality|najnovš|najnov|friss|legfrissebb|ultimele|știri|naujausi|jaunāk|uusimad|son dakika
en son|güncel
последн|новости|свеж|лента|остан|новини|най-нов|последни|τελευτα|ειδήσεις|آخر الأخبار|أحدث|جدید|آخرین
חדש|אחרונ
ताज़ा|नवीनतम|সর্বশেষ|ล่าสุด|mới nhất|tin mới|最新|新闻|要闻|滚动|新着|一覧|ニュース|최신|전체|뉴스
"""

#: Texts of links that lead on to the rest of a list.
MORE = """
more|see more|view more|show more|load more|read more|more news|see all|view all|show all|all news
all stories
all articles|all posts|full list|archive|archives|more stories|more headlines|more articles|older
older posts
selengkapnya|lihat semua|lihat lainnya|indeks|index|indeks berita|berita lainnya|muat lainnya|lainnya
selanjutnya
index berita|lebih banyak|lihat lagi|muat lebih banyak|muat berita lainnya|berita selengkapnya
load more news|load more stories|load more articles|load more posts|show more stories|more posts
weitere artikel laden|weitere laden|mehr artikel|weitere meldungen|charger plus|plus d'articles|más noticias
carica altri|carica altro|mais notícias|meer laden|meer nieuws|załaduj więcej|načíst další|ladda fler
mehr|weitere|mehr anzeigen|alle|alle anzeigen|mehr laden|weiterlesen|alle artikel|weitere artikel
plus|voir plus|voir tout|toutes les actualités|lire la suite|afficher plus|en savoir plus|tous les articles
más|ver más|ver todo|ver todas|leer más|todas las noticias|cargar más|altre|leggi tutto|vedi tutte
mostra altri
mais|ver mais|leia mais|ver todas|todas as notícias|carregar mais|meer|toon meer|lees meer|alle berichten
visa fler|fler|vis flere|flere|se mere|se alle|les mer|läs mer|læs mere|lisää|näytä lisää|kaikki
więcej|zobacz więcej|czytaj więcej|wszystkie|další|více|zobrazit více|všechny|ďalšie|viac|zobraziť viac
tovább|több|összes|mai mult|mai multe|vezi toate|još|više|vse|više vijesti|daugiau|visos naujienos
vairāk|rohkem
daha fazla|tümü|tümünü gör|devamı|еще|ещё|подробнее|читать далее|все новости|показать еще|показать ещё
загрузить еще
більше|усі новини|детальніше|още|виж още|всички|περισσότερα|όλα τα νέα|المزيد|اقرأ المزيد|عرض المزيد
بیشتر|ادامه|עוד
और|और पढ़ें|আরও|ดูทั้งหมด|อ่านต่อ|ดูเพิ่มเติม|xem thêm|xem tất cả|tất cả
更多|查看更多|全部|加载更多|查看全部|もっと見る|一覧|続きを読む|もっと|すべて見る|더보기|더 보기|전체보기
"""

#: Texts of links to the following page of a list: older articles.
NEXT = """
next|next page|older|older posts|older entries|older articles|previous posts|›|»|>|>>|→|next ›|next »|next >
selanjutnya|berikutnya|halaman berikutnya|halaman selanjutnya|lanjut|sesudahnya|nächste|weiter|nächste seite
ältere beiträge|ältere
suivant|suivante|page suivante|articles plus anciens|siguiente|página siguiente|entradas anteriores
entradas antiguas
successivo|successiva|avanti|pagina successiva|articoli precedenti|próxima|próximo|seguinte|página seguinte
volgende|volgende pagina|oudere berichten|nästa|äldre inlägg|næste|neste|eldre innlegg|seuraava|vanhemmat
następna strona|následující strana|další strana
następna|następne|dalej|starsze|další|následující|starší|ďalej|ďalšia|következő|régebbi|următoarea
înainte|sljedeća
sledeća|naslednja|kitas|toliau|nākamā|järgmine|sonraki|ileri|следующая|далее|вперед|вперёд|старые
наступна|далі
следваща|напред|επόμενη|παλαιότερα|التالي|التالية|الصفحة التالية|بعدی|הבא|अगला|পরবর্তী|ถัดไป|หน้าถัดไป
tiếp|trang sau
下一页|下一頁|下页|后页|次へ|次のページ|次のページへ|次ページ|다음|다음페이지|다음 페이지
"""

#: Texts on buttons and links of a login form.
LOGIN = """
log in|login|sign in|signin|log on|masuk|anmelden|einloggen|connexion|se connecter|identifiez-vous
iniciar sesión
acceder|accedi|entra|entrar|iniciar sessão|inloggen|aanmelden|logga in|log ind|logg inn|kirjaudu
zaloguj|logowanie
přihlásit|přihlášení|prihlásiť|bejelentkez|autentificare|prijava|prisijung|pieslēg|logi sisse|giriş
войти|вход
увійти|вхід|σύνδεση|تسجيل الدخول|ورود|התחבר|लॉग इन|เข้าสู่ระบบ|đăng nhập|登录|登入|登錄|ログイン|로그인
"""

#: What a page says that was put in the way of a program.
BLOCKED = """
just a moment|checking your browser|checking if the site connection is secure|verify you are human
are you a robot
are you human|not a robot|captcha|access denied|attention required|request blocked|you have been blocked
unusual traffic|security check|ddos protection|enable javascript and cookies|pardon our interruption
bot detection
please enable cookies|one more step|human verification|press & hold|rate limited|too many requests
verifikasi bahwa anda|anda manusia|akses ditolak|sicherheitsüberprüfung|zugriff verweigert
vérification de sécurité
accès refusé|acceso denegado|verifica que eres|accesso negato|acesso negado|доступ запрещен|доступ ограничен
проверка браузера|я не робот|安全验证|访问被拒绝|人机验证|验证码|アクセスが拒否|보안 확인
access to this page has been
"""

#: What an app says while it has not yet drawn anything.
NEEDS_SCRIPT = """
enable javascript|javascript is required|requires javascript|need to enable javascript|turn on javascript
aktifkan javascript|javascript aktivieren|activer javascript|activar javascript|habilitar javascript
включите javascript|启用javascript|javascriptを有効|loading...|loading…
"""

#: Labels of adverts.
ADVERT = """
ad|ads|advertisement|advertising|advert|adverts|advertorial|sponsored|promoted|iklan|pariwara|anzeige|anzeigen
werbung|reklame
reklam|reklama|reklamı|annonse|annonce|annonces|publicité|publicidad|publicidade|pubblicità|hirdetés
reclamă|advertentie
реклама|διαφήμιση|إعلان|אד|โฆษณา|quảng cáo|広告|广告|廣告|광고|about these ads|report this ad
anuncios|acerca de estos anuncios|iklan ini|über diese anzeigen
"""

#: Labels that belong to no list: adverts, loading notes, jump links.
FURNITURE = f"""{ADVERT}
loading|loading...|加载中
scroll to continue|scroll to continue with content|skip to content|skip to main content|close|menu
search|share|newsletter|buletin|subscribe|follow us|ikuti kami|abonnieren|suscríbete|abonnez-vous|подписка
"""

#: Words for "comments" and "views", that follow or lead a number.
COUNTED = """
comment|komentar|kommentar|commentaire|comentario|comentário|commenti|commento|reactie|kommentti
komentarz|komentář
komentár|hozzászólás|comentarii|yorum|коммент|комент|σχόλι|تعليق|نظر|תגוב|टिप्पणी|ความคิดเห็น|bình luận
评论|評論|コメント|댓글
view|reads|dibaca|dilihat|aufruf|vues|vistas|visualizza|visualizações|lukukertaa|wyświetl|zobrazen
просмотр|перегляд
مشاهدة|بازدید|lượt xem|阅读|浏览|次观看|조회|like|share|reply|replies|min read|minute read|votes|point
"""

#: Words that come before an author's name, and name the line of one.
BYLINE = """
by |oleh |oleh: |penulis|reporter|laporan|von |par |por |di |door |av |af |autor|author|od |автор|بقلم
作者|记者|文/|記者|기자
"""

#: Segments of addresses that list or serve, rather than tell: /tag/…, /author/…, /login
LIST_SEGMENTS = frozenset(
    "tag tags tagged topic topics topik hashtag category categories kategori cat kanal rubrik author "
    "authors auteur autor penulis contributor contributors profile profil user users member members "
    "people u login signin signup logout register registration subscribe subscription account cart "
    "checkout search cari suche feed feeds rss atom about about-us contact contact-us kontakt impressum "
    "privacy privacy-policy terms cookie cookies share sharer intent comments comment newsletter "
    "newsletters label labels redaksi pedoman disclaimer advertise careers help faq jobs sitemap "
    "wp-login.php wp-admin archives widgets shop store lost-password policy policies".split()
)
#: Addresses of "share this" buttons and accounts: host or path pieces that every site links to.
SHARE = re.compile(
    r"/sharer|/share[/?]|/intent/|[?&](?:u|url|text|link)=https?(?::|%3a)|/submit\?|/pin/create", re.I
)
NOT_A_PAGE = re.compile(
    r"\.(?:xml|rss|atom|jpe?g|png|gif|webp|avif|svg|mp3|mp4|zip|css|js|json|exe|apk|ics)$", re.I
)
