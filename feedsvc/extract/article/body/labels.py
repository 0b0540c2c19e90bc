"""Words that begin or make up lines which are not the article: data, each list one regular expression."""

from __future__ import annotations

import re

_RELATED = (
    r"baca\s*(?:juga|selengkapnya|artikel|pula)|lihat\s*juga|simak\s*(?:juga|pula|video)|tonton\s*juga|"
    r"berita\s*terkait|"
    r"artikel\s*terkait|berita\s*lain(?:nya)?|pilihan\s*editor|"
    r"read\s*(?:more|also|next|on|the full \w+)|see\s*also|also\s*read|must\s*read|"
    r"related(?:\s*(?:articles?|stories|story|posts?|content|news|topics|reading|coverage|links?))?|"
    r"more\s*(?:on this|from|stories|like this|news|about)|don'?t\s*miss|recommended|trending|"
    r"you may also like|"
    r"lesen\s*sie\s*(?:auch|mehr|dazu|hier)|lies\s*(?:auch|mehr|hier|dazu)|auch\s*interessant|"
    r"mehr\s*(?:zum\s*thema|dazu|lesen|infos?)|siehe\s*auch|weiterlesen|das\s*(?:thema\s*)?könnte\s*(?:sie|dich|euch)|"
    r"passend\s*dazu|"
    r"zum\s*thema|les\s*også|les\s*mer|läs\s*(?:mer|också|även)|læs\s*(?:også|mere)|lue\s*myös|"
    r"à\s*lire\s*(?:aussi|également)|lire\s*aussi|voir\s*aussi|sur\s*le\s*même\s*(?:sujet|thème)|"
    r"lee\s*(?:también|más)|leer\s*más|le\s*puede\s*interesar|te\s*puede\s*interesar|más\s*(?:información|"
    r"noticias)|"
    r"ver\s*también|leggi\s*anche|leia\s*(?:mais|também)|veja\s*também|lees\s*(?:ook|meer)|"
    r"czytaj\s*(?:też|także|więcej|również)|zobacz\s*(?:też|także|również)|čtěte\s*(?:také|více)|"
    r"читайте\s*(?:также|ещё|еще)|читать\s*также|см\.?\s*также|читайте\s*також|ilgili\s*haber\w*|"
    r"bunlar\s*da\s*ilginizi|devamını\s*oku|xem\s*thêm|đọc\s*thêm|funda\s*olunye|関連記事|あわせて読みたい|【関連】|"
    r"続きを読む|관련\s*기사|相关(?:阅读|新闻|报道)?|相關(?:閱讀|新聞|報導)?|延伸阅读|延伸閱讀|"
    r"अधिक पढ़ें|यह भी पढ़ें|اقرأ\s*أيضا|"
    r"إقرأ\s*أيضا|بیشتر\s*بخوانید|citește\s*și|διαβάστε\s*(?:επίσης|ακόμη)|olvassa\s*el|อ่านเพิ่มเติม|"
    r"ข่าวที่เกี่ยวข้อง"
)
#: A line that begins with an invitation to another article
RELATED = re.compile(rf"^[\W_]*(?:{_RELATED})(?!\w)", re.I)
#: … and one that is nothing else
RELATED_ONLY = re.compile(rf"^[\W_]*(?:{_RELATED})[\W_]*$", re.I)

#: Texts of buttons and boxes
FURNITURE = re.compile(
    r"^[\W_]*(?:share(?: (?:this|on|via)[\w ]{0,30})?|teilen|bagikan(?: \w+){0,3}|partager|compartir|"
    r"compartilhar|condividi|"
    r"del|dela|tweet|facebook|twitter|whatsapp|telegram|copy link|salin (?:link|tautan)|advertis\w+|"
    r"anzeige|werbung|iklan|"
    r"advertentie|publicité|publicidad|pubblicità|annonce|reklame?|reklam|kommentare?|comments?(?: \(\d+\))?|"
    r"leave a (?:comment|reply)|komentar|tags?|etiketler|topi[ck]s?|newsletter|loading|print|drucken|"
    r"cetak|e-?mail|"
    r"scroll to continue.{0,40}|story continues below.{0,40}|article continues below.{0,40}|continue reading|"
    r"lanjut(?:kan)? (?:membaca|ke).{0,40}|advertisement .{0,60}|scroll untuk .{0,40}|gulir untuk .{0,40}|"
    r"(?:post )?views?\s*:?\s*[\d.,]+|[\d.,]{1,20} views|"
    r"(?:telah )?di(?:baca|lihat)\s*:?\s*[\d.,]+(?: kali)?|"
    r"copyright .{0,120}|all rights reserved.{0,60}|"
    r"(?:memuat|loading|wird geladen|cargando|chargement)\b[^.…]{0,30}(?:\.\.\.|…)|"
    r"(?:halaman|pages?|seite|página|pagina|strona|страница|sayfa|trang|หน้า)\s{0,2}:?[\s\d|/›»<>]{1,40}"
    r"(?:tampilkan semua|show all|alle anzeigen|ver todo)?|"
    r"(?:halaman (?:selanjutnya|berikutnya)|next page)\s*[:：–—>»-].{0,150}|"
    r"listen to (?:this )?article|zum kommentieren .{0,40}|"
    r"play(?: video)?|"
    r"follow us.{0,40}|back to top|nach oben|広告|advertorial|halaman selanjutnya|selanjutnya|"
    r"next page)[\W_]*$|^©.{0,150}$",
    re.I,
)
#: A line of tags, each of them a link
TAG_LINE = re.compile(
    r"^[\W_]*(?:tags?|topi[ck]s?|keywords?|labels?|schlagw(?:orte|örter)|stichw(?:orte|örter)|themen|etiquetas|"
    r"mots[- ]clés|parole chiave|kata kunci|теги|标签|標籤|タグ|태그)\s?[:：]",
    re.I,
)
#: What a house forbids, below its texts
RIGHTS = re.compile(
    r"^[\W_]*(?:dilarang (?:keras )?me\w+|hak cipta dilindungi|(?:this|the) (?:material|content|article) "
    r"(?:may|must|can)(?: ?not)? be (?:published|reproduced|republished|copied)|no part of this|"
    r"reproduction (?:of|in)|unauthori[sz]ed (?:use|reproduction)|alle rechte vorbehalten|"
    r"tous droits réservés|todos los derechos reservados|tutti i diritti riservati|"
    r"todos os direitos reservados|本文为.{0,30}(?:转载|轉載)|未经.{0,20}(?:转载|轉載)|無断転載|무단 ?전재)|"
    r"©.{0,40}(?:all rights reserved|hak cipta)",
    re.I,
)
#: A line that only says whose picture it is
CREDIT = re.compile(
    r"^[\W_]*(?:photos?|foto(?:s|grafer)?|images?|bild(?:er)?|picture|quelle|sumber|source|video|"
    r"symbolbild|archivbild|"
    r"crédits? photos?|photograph|illustration|foto ?/ ?\w+)\s*[:：/]|"
    r"^\(?fot\.\s|^\(?(?:image|photo|foto|bild|picture)\s*(?:by|credit|oleh|:)",
    re.I,
)
#: Invitations to subscribe, follow, install
PROMO = re.compile(
    r"follow us on|subscribe (?:to|now|for)\b|sign up (?:for|to)|our (?:free )?newsletter|"
    r"ikuti (?:kami|terus|channel|saluran)|"
    r"(?:dapatkan|ikuti) (?:berita|update|informasi) (?:terkini|terbaru|pilihan)|gabung (?:di|dengan|grup)|"
    r"download (?:the |our )?app\b|folge?n? (?:sie )?uns|newsletter (?:an|abonnieren)|jetzt (?:abonnieren|"
    r"testen|anmelden)|"
    r"whatsapp[- ](?:kanal|channel|group)|google news|support our journalism|log in or create|"
    r"create an account|"
    r"get in touch at|have you got a story|kostenlos testen|会員の方|abonnez-vous|suscríbete|iscriviti|"
    r"inscreva-se|"
    r"artikel ini telah tayang di|artikel ini sudah tayang|cek (?:berita|artikel) (?:dan|lain)|"
    r"this article (?:was )?(?:originally|first) (?:appeared|published)|klik di sini untuk|"
    r"(?:aktuelle|neue) ausgabe .{0,80}(?:kiosk|abo\b|erhältlich|bestell)|on (?:sale|newsstands) now\b|"
    r"support (?:us|our work)\b|become a (?:member|supporter|subscriber)|unterstütze(?:n sie)? uns|"
    r"keine? (?:paywall|bezahlschranke)|"
    r"(?:canal|grupo?|saluran|kênh|kanał\w*|каналу?|kanalı\w*) .{0,20}(?:whatsapp|telegram)|"
    r"(?:participe|entre|siga|acompanhe|únete|sigue) .{0,40}(?:whatsapp|telegram|canal)|"
    r"dukung kami|soutenez[- ]nous|apóyanos|sostienici|apoie",
    re.I,
)
#: What begins the heading of a box that offers a letter by mail
LETTER = re.compile(
    r"^[\W_]*(?:(?:our |unser |der |the )?newsletter|rundbrief|boletín|infolettre|buletin)\b", re.I
)
