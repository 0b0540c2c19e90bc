"""Headlines of invented newsrooms in many languages, for list pages as the usual systems write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

BASE = "https://ruang.example"
DAYS = tuple(range(18, 10, -1))  #: of December 2025, newest first


@dataclass(frozen=True)
class Story:
    """One article in a list."""

    title: str
    path: str
    date: str = ""  #: as the page prints it
    day: str = ""  #: ISO 8601
    lead: str = ""  #: a summary

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, name))


@dataclass(frozen=True)
class Shown:
    """A list page and what a reader takes from it."""

    name: str
    language: str
    url: str
    html: str
    main: tuple[Story, ...]
    boxes: dict[str, tuple[Story, ...]] = field(default_factory=dict)
    dated: bool = True


def written(pattern: str, stories: Sequence[Story], **more: str) -> str:
    """`pattern` filled in for each story: %(t)s title, %(u)s path, %(d)s date, %(day)s, %(s)s summary, %(i)s, %(n)s."""
    return "\n".join(
        pattern
        % {
            "t": one.title,
            "u": one.path,
            "d": one.date,
            "day": one.day,
            "s": one.lead,
            "i": str(n),
            "n": str(n + 1),
            **more,
        }
        for n, one in enumerate(stories)
    )


_DATES: dict[str, Callable[[int, int], str]] = {
    "id": lambda day, n: f"{day} Desember 2025, 19:0{n} WIB",
    "ja": lambda day, n: f"2025年12月{day}日 19:0{n}",
    "ar": lambda day, n: f"{day} ديسمبر 2025 - 19:0{n}",
    "fa": lambda day, n: f"{_persian(day + 9)} آذر ۱۴۰۴ - ۱۹:۰{_persian(n)}",
    "th": lambda day, n: f"{day} ธ.ค. 2568 19:0{n} น.",
    "vi": lambda day, n: f"{day}/12/2025 19:0{n}",
    "tr": lambda day, n: f"{day} Aralık 2025 19:0{n}",
    "ru": lambda day, n: f"{day} декабря 2025, 19:0{n}",
    "es": lambda day, n: f"{day} de diciembre de 2025, 19:0{n}h",
    "en": lambda day, n: f"December {day}, 2025",
    "ko": lambda day, n: f"2025.12.{day} 19:0{n}",
    "zh": lambda day, n: f"2025-12-{day}",
    "pt": lambda day, n: f"{day}/12/2025 às 19h0{n}",
    "de": lambda day, n: f"{day}.12.2025",
    "fr": lambda day, n: f"{day} décembre 2025 à 19h0{n}",
}


def _persian(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def stories(language: str, path: str, *, lead: bool = True) -> tuple[Story, ...]:
    """The eight newest articles of a newsroom; `path` makes their addresses: `{n}`, `{slug}`, `{day}`."""
    titles = TITLES[language]
    leads = LEADS[language]
    return tuple(
        Story(
            title,
            path.format(n=n + 41, slug=SLUGS[n], day=DAYS[n]),
            _DATES[language](DAYS[n], n),
            f"2025-12-{DAYS[n]}",
            leads[n % len(leads)] if lead else "",
        )
        for n, title in enumerate(titles)
    )


def others(language: str, path: str) -> tuple[Story, ...]:
    """Five articles of a box beside the list."""
    return tuple(
        Story(title, path.format(n=n + 7, slug=OTHER_SLUGS[n], day=10 - n))
        for n, title in enumerate(OTHERS[language])
    )


SLUGS = (
    "tide-gauge-moves",
    "bakers-strike-ends",
    "old-bridge-closed",
    "library-lends-tools",
    "choir-wins-abroad",
    "reservoir-is-full",
    "tram-runs-at-night",
    "market-finds-roof",
)
OTHER_SLUGS = ("whale-in-harbour", "mayor-plays-chess", "free-ferry-day", "lost-bell-found", "longest-queue")

TITLES = {
    "en": (
        "Tide gauge moves upriver after a century at the old quay",
        "Bakers end their strike as the mill lowers its prices",
        "Old bridge closed for lorries until the spring",
        "Library begins to lend tools and tents to its readers",
        "School choir comes home with a prize from the islands",
        "Reservoir is full for the first time in seven years",
        "Night tram gets two more winters, council decides",
        "Covered market finds a roof and nobody to pay for it",
    ),
    "id": (
        "Alat Ukur Pasang Dipindahkan ke Hulu Setelah Seabad di Dermaga",
        "Tukang Roti Akhiri Mogok Setelah Harga Tepung Turun",
        "Jembatan Tua Ditutup untuk Truk hingga Musim Kemarau",
        "Perpustakaan Kota Mulai Meminjamkan Perkakas dan Tenda",
        "Paduan Suara Sekolah Pulang Membawa Piala dari Ambon",
        "Waduk Penuh untuk Pertama Kali dalam Tujuh Tahun",
        "Trem Malam Diperpanjang Dua Tahun, Dewan Sepakat",
        "Pasar Induk Dapat Atap Baru tetapi Belum Ada Dananya",
    ),
    "ja": (
        "潮位計が百年ぶりに上流の岸壁へ移設される",
        "パン職人のストライキが小麦値下げで終わる",
        "旧橋は春まで大型車の通行を止めることに",
        "市立図書館が工具とテントの貸し出しを始める",
        "小学校合唱団が離島の大会で金賞を持ち帰る",
        "貯水池が七年ぶりに満水となり放流を準備",
        "夜間路面電車を二冬延長、市議会が決める",
        "屋根付き市場の計画、費用の負担が決まらず",
    ),
    "ar": (
        "نقل مقياس المد إلى أعلى النهر بعد قرن على الرصيف القديم",
        "الخبازون ينهون إضرابهم بعد خفض سعر الطحين",
        "إغلاق الجسر القديم أمام الشاحنات حتى الربيع",
        "المكتبة العامة تبدأ إعارة الأدوات والخيام لقرائها",
        "جوقة المدرسة تعود بجائزة من مهرجان الجزر",
        "امتلاء الخزان لأول مرة منذ سبع سنوات",
        "المجلس يمدد عمل الترام الليلي شتاءين آخرين",
        "السوق المسقوف بلا سقف ولا أحد يدفع كلفته",
    ),
    "fa": (
        "جزرسنج قدیمی پس از یک قرن به بالادست رود منتقل شد",
        "اعتصاب نانوایان با کاهش بهای آرد پایان یافت",
        "پل قدیمی تا بهار به روی کامیون‌ها بسته می‌ماند",
        "کتابخانه شهر امانت دادن ابزار و چادر را آغاز کرد",
        "گروه کر مدرسه با جایزه از جزیره بازگشت",
        "مخزن سد پس از هفت سال دوباره پر شد",
        "شورای شهر کار تراموای شبانه را تمدید کرد",
        "بازار سرپوشیده هنوز سقف ندارد و بودجه هم ندارد",
    ),
    "th": (
        "ย้ายเครื่องวัดน้ำขึ้นน้ำลงไปต้นน้ำหลังตั้งที่ท่าเดิมร้อยปี",
        "ช่างทำขนมปังเลิกนัดหยุดงานหลังโรงโม่ลดราคาแป้ง",
        "ปิดสะพานเก่าไม่ให้รถบรรทุกผ่านจนถึงฤดูร้อน",
        "ห้องสมุดเมืองเริ่มให้ยืมเครื่องมือและเต็นท์แล้ว",
        "คณะประสานเสียงโรงเรียนคว้ารางวัลจากเกาะกลับบ้าน",
        "อ่างเก็บน้ำเต็มเป็นครั้งแรกในรอบเจ็ดปี",
        "สภาเมืองมีมติเดินรถรางกลางคืนต่ออีกสองปี",
        "ตลาดในร่มได้แบบหลังคาใหม่แต่ยังไม่มีผู้จ่ายเงิน",
    ),
    "vi": (
        "Trạm đo thủy triều dời lên thượng nguồn sau một thế kỷ",
        "Thợ làm bánh ngừng đình công khi giá bột giảm",
        "Cầu cũ cấm xe tải cho đến mùa xuân năm sau",
        "Thư viện thành phố bắt đầu cho mượn dụng cụ và lều",
        "Dàn hợp xướng trường làng mang giải thưởng từ đảo về",
        "Hồ chứa đầy nước lần đầu tiên sau bảy năm",
        "Tàu điện đêm được chạy thêm hai mùa đông nữa",
        "Chợ có mái che tìm được mẫu mái nhưng thiếu tiền",
    ),
    "tr": (
        "Gelgit ölçer yüz yıl sonra nehrin yukarısına taşınıyor",
        "Fırıncılar un fiyatı düşünce grevi bitirdi",
        "Eski köprü bahara kadar kamyonlara kapatıldı",
        "Kent kütüphanesi alet ve çadır ödünç vermeye başladı",
        "Okul korosu adadan ödülle döndü",
        "Baraj gölü yedi yıl sonra ilk kez doldu",
        "Gece tramvayı iki kış daha çalışacak",
        "Kapalı çarşıya çatı bulundu, parası bulunamadı",
    ),
    "ru": (
        "Футшток перенесут вверх по реке спустя сто лет у старого причала",
        "Пекари закончили забастовку после снижения цен на муку",
        "Старый мост закрыли для грузовиков до весны",
        "Городская библиотека начала выдавать инструменты и палатки",
        "Школьный хор вернулся с островов с наградой",
        "Водохранилище заполнилось впервые за семь лет",
        "Ночной трамвай проработает ещё две зимы",
        "Крытый рынок получил проект крыши, но не деньги",
    ),
    "es": (
        "El mareógrafo se muda río arriba tras un siglo en el muelle viejo",
        "Los panaderos acaban la huelga al bajar el precio de la harina",
        "El puente viejo queda cerrado a los camiones hasta la primavera",
        "La biblioteca empieza a prestar herramientas y tiendas de campaña",
        "El coro del colegio vuelve de las islas con un premio",
        "El embalse se llena por primera vez en siete años",
        "El tranvía nocturno circulará dos inviernos más",
        "El mercado cubierto tiene tejado en los planos y nadie que lo pague",
    ),
    "ko": (
        "조위계, 백 년 만에 옛 부두 떠나 강 상류로 옮긴다",
        "밀가루값 내리자 제빵사들 파업 끝냈다",
        "낡은 다리, 봄까지 화물차 통행 막기로",
        "시립도서관, 공구와 텐트도 빌려주기 시작",
        "초등학교 합창단, 섬 대회에서 상 받고 돌아와",
        "저수지 일곱 해 만에 가득 차 방류 준비",
        "야간 전차 두 해 겨울 더 달린다",
        "지붕 얹을 시장, 돈 낼 사람이 없다",
    ),
    "zh": (
        "潮位站百年后迁往上游新码头 渡轮班次照常",
        "面粉降价后面包师结束罢工 店铺周五恢复营业",
        "旧桥对货车关闭至明年春天 公交改道通行",
        "市图书馆开始出借工具和帐篷 读者反应热烈",
        "小学合唱团从海岛比赛捧回奖杯 家长到码头迎接",
        "水库七年来首次蓄满 下游居民收到放水通知",
        "夜间电车再开两个冬天 议会以微弱多数通过",
        "室内市场屋顶方案公布 资金来源仍未落实",
    ),
    "pt": (
        "Marégrafo sobe o rio depois de um século no cais velho",
        "Padeiros encerram greve após queda no preço da farinha",
        "Ponte velha fica fechada para caminhões até a primavera",
        "Biblioteca da cidade passa a emprestar ferramentas e barracas",
        "Coral da escola volta das ilhas com um prêmio",
        "Represa enche pela primeira vez em sete anos",
        "Bonde noturno vai circular por mais dois invernos",
        "Mercado coberto ganha projeto de telhado, mas não dinheiro",
    ),
    "de": (
        "Pegel zieht nach hundert Jahren vom alten Kai flussaufwärts",
        "Bäcker beenden Streik, weil die Mühle billiger wird",
        "Alte Brücke bis zum Frühjahr für Lastwagen gesperrt",
        "Stadtbücherei verleiht jetzt auch Werkzeug und Zelte",
        "Schulchor kehrt mit einem Preis von den Inseln heim",
        "Talsperre ist zum ersten Mal seit sieben Jahren voll",
        "Nachtstraßenbahn fährt noch zwei Winter lang",
        "Markthalle bekommt ein Dach, das niemand bezahlen will",
    ),
    "fr": (
        "Le marégraphe remonte le fleuve après un siècle au vieux quai",
        "Les boulangers cessent la grève, la farine baisse",
        "Le vieux pont fermé aux camions jusqu’au printemps",
        "La bibliothèque prête désormais des outils et des tentes",
        "La chorale de l’école revient des îles avec un prix",
        "Le réservoir est plein pour la première fois en sept ans",
        "Le tramway de nuit roulera encore deux hivers",
        "Le marché couvert a un toit sur le papier, pas d’argent",
    ),
}

LEADS = {
    "en": (
        "The works department says the move takes until October and will cost less than a new pump.",
        "Nobody in the hall spoke against the plan, although two members left before the vote.",
    ),
    "id": (
        "Kepala dinas mengatakan pekerjaan ini selesai sebelum Oktober dan tidak mengganggu warga sekitar.",
        "Tidak ada anggota yang menolak rencana itu, meski dua orang keluar sebelum pemungutan suara.",
    ),
    "ja": ("担当課によると作業は十月までに終わり、周辺の住民への影響はほとんどないという。",),
    "ar": ("قالت الدائرة إن العمل ينتهي قبل أكتوبر ولن يؤثر في سكان الحي المجاور.",),
    "fa": ("به گفته مدیر اداره، کار تا پایان مهر تمام می‌شود و مزاحمتی برای ساکنان ندارد.",),
    "th": ("หัวหน้าหน่วยงานกล่าวว่างานจะเสร็จก่อนเดือนตุลาคมและไม่กระทบชาวบ้านใกล้เคียง",),
    "vi": ("Lãnh đạo sở cho biết công việc sẽ xong trước tháng Mười và không ảnh hưởng người dân quanh đó.",),
    "tr": ("Daire başkanı, işin ekim ayına kadar biteceğini ve mahalleliyi etkilemeyeceğini söyledi.",),
    "ru": ("В управлении говорят, что работы закончат до октября и жителям соседних домов они не помешают.",),
    "es": ("El departamento de obras dice que el trabajo acaba en octubre y no molestará a los vecinos.",),
    "ko": ("담당 부서는 공사가 시월 전에 끝나며 주민 불편은 거의 없을 것이라고 밝혔다.",),
    "zh": ("主管部门表示，工程将在十月前完成，不会影响附近居民的正常生活。",),
    "pt": ("A secretaria afirma que a obra termina até outubro e não deve atrapalhar os moradores.",),
    "de": ("Das Bauamt sagt, die Arbeit dauere bis Oktober und störe die Anwohner kaum.",),
    "fr": ("Le service des travaux assure que le chantier finira en octobre sans gêner les riverains.",),
}

OTHERS = {
    "en": (
        "Whale swims into the harbour and stays for lunch",
        "Mayor loses at chess to a pupil of nine",
        "Ferry is free for everybody on Sunday",
        "Lost bell of the chapel found in a barn",
        "The longest queue that the town has seen",
    ),
    "id": (
        "Paus Masuk ke Pelabuhan dan Menetap Hingga Siang",
        "Wali Kota Kalah Catur dari Murid Kelas Tiga",
        "Feri Gratis untuk Semua Warga pada Hari Minggu",
        "Lonceng Kapel yang Hilang Ditemukan di Lumbung",
        "Antrean Terpanjang yang Pernah Ada di Kota Ini",
    ),
    "ja": (
        "港に迷い込んだ鯨が昼まで居座る",
        "市長が九歳の児童に将棋で敗れる",
        "日曜日は渡し船が誰でも無料に",
        "礼拝堂の失われた鐘が納屋で見つかる",
        "町で一番長い行列ができた理由とは",
    ),
    "ar": (
        "حوت يدخل الميناء ويبقى حتى الظهر",
        "رئيس البلدية يخسر في الشطرنج أمام تلميذ",
        "العبارة مجانية للجميع يوم الأحد المقبل",
        "العثور على جرس الكنيسة المفقود في مخزن",
        "أطول طابور عرفته المدينة منذ سنوات",
    ),
    "fa": (
        "نهنگی وارد بندر شد و تا ظهر ماند",
        "شهردار در شطرنج از دانش‌آموز نه ساله باخت",
        "قایق روز یکشنبه برای همه رایگان است",
        "ناقوس گمشده در انبار پیدا شد",
        "طولانی‌ترین صفی که شهر دیده است",
    ),
    "th": (
        "วาฬว่ายเข้าท่าเรือและอยู่จนถึงเที่ยง",
        "นายกเทศมนตรีแพ้หมากรุกเด็กเก้าขวบ",
        "เรือข้ามฟากให้ทุกคนขึ้นฟรีวันอาทิตย์",
        "พบระฆังโบสถ์ที่หายไปในยุ้งข้าว",
        "แถวที่ยาวที่สุดเท่าที่เมืองเคยเห็น",
    ),
    "vi": (
        "Cá voi bơi vào cảng và ở lại đến trưa",
        "Thị trưởng thua cờ học trò chín tuổi",
        "Phà miễn phí cho mọi người vào Chủ nhật",
        "Tìm thấy chiếc chuông mất tích trong kho thóc",
        "Hàng người dài nhất mà thị trấn từng thấy",
    ),
    "tr": (
        "Limana giren balina öğlene kadar kaldı",
        "Başkan satrançta dokuz yaşındaki öğrenciye yenildi",
        "Vapur pazar günü herkese ücretsiz",
        "Kayıp çan bir ahırda bulundu",
        "Kentin gördüğü en uzun kuyruk",
    ),
    "ru": (
        "В гавань заплыл кит и остался до обеда",
        "Мэр проиграл в шахматы девятилетнему школьнику",
        "В воскресенье паром будет бесплатным для всех",
        "Пропавший колокол часовни нашли в сарае",
        "Самая длинная очередь, какую видел город",
    ),
    "es": (
        "Una ballena entra en el puerto y se queda a comer",
        "El alcalde pierde al ajedrez con un alumno de nueve años",
        "El transbordador será gratis para todos el domingo",
        "Aparece en un granero la campana perdida de la ermita",
        "La cola más larga que ha visto el pueblo",
    ),
    "ko": (
        "항구에 들어온 고래, 점심때까지 머물렀다",
        "시장, 아홉 살 학생에게 바둑 졌다",
        "일요일엔 누구나 나룻배 공짜로 탄다",
        "사라진 예배당 종, 헛간에서 찾았다",
        "마을이 본 가장 긴 줄, 무슨 일일까",
    ),
    "zh": (
        "鲸鱼游进港口停留到中午 市民围观",
        "市长下棋输给九岁小学生 称心服口服",
        "周日渡轮对所有人免费开放 增开六班",
        "小教堂失踪的钟在谷仓里找到 已送修",
        "小镇见过的最长队伍 排队者讲述原因",
    ),
    "pt": (
        "Baleia entra no porto e fica até a hora do almoço",
        "Prefeito perde no xadrez para aluno de nove anos",
        "Balsa será gratuita para todos no domingo",
        "Sino perdido da capela aparece em um celeiro",
        "A maior fila que a cidade já viu",
    ),
    "de": (
        "Wal schwimmt in den Hafen und bleibt bis Mittag",
        "Bürgermeister verliert im Schach gegen Neunjährige",
        "Fähre ist am Sonntag für alle frei",
        "Verlorene Glocke der Kapelle in Scheune gefunden",
        "Die längste Schlange, die der Ort gesehen hat",
    ),
    "fr": (
        "Une baleine entre au port et reste déjeuner",
        "Le maire perd aux échecs contre un élève de neuf ans",
        "Le bac est gratuit pour tous dimanche",
        "La cloche perdue de la chapelle retrouvée dans une grange",
        "La plus longue file que la ville ait vue",
    ),
}
