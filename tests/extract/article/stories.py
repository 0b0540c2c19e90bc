"""Invented articles in four languages, with the other articles that their pages name."""

from __future__ import annotations

from dataclasses import dataclass

#: dates in several forms: (line without a zone, with a zone); each says the story's `when`
Forms = tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One article, and what else stands on its page."""

    language: str
    house: str
    section: str
    menu: tuple[str, ...]
    title: str
    person: str
    labels: tuple[str, ...]  #: before the name of the reporter
    caption: str
    credits: tuple[str, ...]  #: as they end a caption, {} is the caption
    paragraphs: tuple[str, ...]
    quote: str
    when: str  #: ISO 8601
    dates: Forms  #: {z} is the zone where it is written
    zone: str
    labelled: str  #: what may stand before the date
    others: tuple[str, ...]
    other_dates: Forms
    most: str
    fresh: str
    also: str
    more: str
    share: str
    tags: str
    advert: str
    read: str  #: how often the page was read
    rights: str


INDONESIAN = Story(
    "id",
    "KABAR MUARA",
    "Budaya",
    ("Politik", "Hukum", "Bisnis", "Budaya", "Nusantara", "Olahraga"),
    "Museum Perahu Buka Malam Hari untuk Pelajar dari Tujuh Pulau",
    "RATNA WULANDARI",
    ("LAPORAN: ", "Oleh: ", "Penulis: ", "Reporter: ", ""),
    "Pelajar melihat perahu kayu di ruang utama museum, Senin malam",
    ("{} (Foto: Humas Museum)", "{} /Kabar Muara", "{}. Foto: Humas Museum", "{} (dok. Museum Perahu)", "{}"),
    (
        (
            "Museum Perahu di kota pelabuhan itu mulai membuka pintunya pada malam hari bagi "
            "pelajar yang datang dari tujuh pulau di sekitarnya (MP)."
        ),
        (
            "Rencana tersebut dibicarakan dalam pertemuan guru bertajuk “Belajar dari Laut” pada "
            "Minggu, 12 April 2026."
        ),
        (
            "Kepala museum berkata ruang utama menampung dua ratus anak, dan kapal penjemput "
            "disediakan pemerintah kota."
        ),
        "Hadir pula perwakilan nelayan, tukang kayu, dan para pembuat layar.",
        (
            "“Anak-anak harus bisa menyentuh kayunya, bukan hanya melihat gambar di buku "
            "pelajaran,” ujarnya di depan para guru."
        ),
        "Ia menilai koleksi lama perlu dirawat bersama.",
        (
            "Sekitar 40 perahu dari abad lalu sudah diperbaiki dengan biaya Rp1,2 miliar dan akan "
            "dipamerkan sampai akhir tahun."
        ),
        "Jadwal kapal malam diumumkan setiap Jumat melalui sekolah masing-masing.",
    ),
    "Kayu yang tua menyimpan cerita panjang tentang orang pesisir.",
    "2026-04-13T20:35:00+07:00",
    (
        "SENIN, 13 APRIL 2026 | 20:35{z}",
        "Senin, 13 April 2026 20:35{z}",
        "Senin, 13 Apr 2026 - 20.35{z}",
        "13 April 2026, 20:35{z}",
        "13/04/2026 20:35{z}",
        "13-04-2026 | 20:35{z}",
        "Senin, 13/04/2026 20:35{z}",
        "13 April 2026 pukul 20.35{z}",
        "13 April 2026 • 20:35{z}",
    ),
    " WIB",
    "Diterbitkan: ",
    (
        "Harga Garam Naik Lagi Setelah Hujan Turun Sepekan Penuh",
        "Wali Kota: Jembatan Baru Selesai Sebelum Lebaran",
        "Dua Kapal Ikan Terdampar di Pantai Utara",
        "Ini Daftar Sekolah yang Menerima Buku Gratis Tahun Ini",
        "Apel Besar Nelayan Digelar di Lapangan Selatan",
        "Polisi Tutup Jalan Pelabuhan Selama Tiga Malam",
        "Petani Kelapa Minta Pasar Lama Dibuka Kembali",
    ),
    (
        "Minggu, 12 April 2026 | 08:21",
        "Selasa, 14 April 2026 | 00:09",
        "Senin, 13 April 2026 | 23:47",
        "Jumat, 10 April 2026 | 14:05",
        "Senin, 13 April 2026 | 22:53 WIB",
    ),
    "Populer",
    "UPDATE",
    "Baca juga",
    "Selengkapnya",
    "Bagikan",
    "Topik",
    "Iklan",
    "Dibaca 1.204 kali",
    "Hak cipta dilindungi",
)

SPANISH = Story(
    "es",
    "El Faro del Sur",
    "Ciudad",
    ("Portada", "Ciudad", "Mundo", "Deportes", "Cultura"),
    "El mercado de flores vuelve a la plaza después de nueve años",
    "Lucía Barrientos",
    ("Por ", "Por: ", "Texto: ", ""),
    "Los puestos del mercado el día de la apertura",
    ("{} (Foto: Ayuntamiento)", "{}. Foto: Ayuntamiento", "{} / Archivo municipal", "{}"),
    (
        (
            "El mercado de flores abre otra vez en la plaza mayor con treinta puestos, según "
            "anunció el ayuntamiento tras una larga votación."
        ),
        (
            "La decisión se tomó en la sesión del domingo 12 de abril de 2026, con los votos de "
            "todos los grupos."
        ),
        (
            "Los vendedores habían pedido techos de lona y una fuente, porque en verano el sol "
            "cae de lleno sobre los ramos."
        ),
        "También asistieron los jardineros del vivero público.",
        (
            "“Mi madre vendía claveles en esta misma esquina y ahora los vendo yo”, contó una de "
            "las floristas."
        ),
        "El precio del puesto no cambia.",
        (
            "La obra costó 240.000 euros y dejó sitio para un pequeño escenario donde tocará la "
            "banda los sábados."
        ),
        "El próximo pleno decidirá si el mercado abre también los lunes de invierno.",
    ),
    "Una plaza sin flores es solo un cruce de calles.",
    "2026-04-13T20:35:00+02:00",
    (
        "Lunes, 13 de abril de 2026 | 20:35{z}",
        "13 de abril de 2026 a las 20:35{z}",
        "13/04/2026 20:35{z}",
        "13 abr 2026 - 20:35{z}",
        "13.04.2026 | 20:35{z}",
        "13 de abril de 2026, 8:35 p. m.{z}",
    ),
    " CEST",
    "Publicado: ",
    (
        "El puente nuevo estará listo antes de las fiestas de verano",
        "Dos barcos de pesca encallan en la playa del norte",
        "La biblioteca presta ahora herramientas y bicicletas",
        "Los panaderos piden que se abra el horno municipal",
        "La escuela de música recibe cien alumnos más",
        "Cierran tres noches la carretera del puerto",
        "El alcalde promete árboles para la avenida larga",
    ),
    (
        "12/04/2026 08:21",
        "14 de abril de 2026, 00:09",
        "Lunes 13 de abril de 2026 - 23:47",
        "10.04.2026",
    ),
    "Lo más leído",
    "Última hora",
    "Lea también",
    "Ver más",
    "Compartir",
    "Temas",
    "Publicidad",
    "1.204 visitas",
    "Todos los derechos reservados",
)

RUSSIAN = Story(
    "ru",
    "Северный берег",
    "Город",
    ("Главная", "Город", "Политика", "Культура", "Спорт"),
    "Старую пристань откроют для ночных экскурсий школьников",
    "Вера Долгова",
    ("Автор: ", "Текст: ", "Корреспондент: ", ""),
    "Экскурсовод показывает школьникам причал",
    ("{} (Фото: музей порта)", "{}. Фото: музей порта", "{} / Фото: Архив", "{}"),
    (
        (
            "Старая пристань на северном берегу снова примет посетителей, и первыми придут "
            "школьники из семи районов области."
        ),
        ("Решение приняли на собрании учителей в воскресенье, 12 апреля 2026 года, после недолгих споров."),
        (
            "Директор музея сообщил, что главный зал вмещает двести человек, а катер за детьми "
            "пришлёт городская администрация."
        ),
        "Пришли также рыбаки и плотники.",
        ("«Дети должны трогать дерево руками, а не только смотреть на картинки», — сказал он собравшимся."),
        "Старые лодки чинят всем городом.",
        (
            "Около сорока лодок прошлого века уже восстановлены, работы обошлись в 12 миллионов "
            "рублей и закончились зимой."
        ),
        "Расписание ночных катеров будут объявлять по пятницам в каждой школе.",
    ),
    "Старое дерево хранит длинную историю.",
    "2026-04-13T20:35:00+03:00",
    (
        "Понедельник, 13 апреля 2026 | 20:35{z}",
        "13 апреля 2026, 20:35{z}",
        "13.04.2026 20:35{z}",
        "13 апр. 2026 в 20:35{z}",
        "20:35{z}, 13 апреля 2026",
        "20:35 | 13.04.2026",
    ),
    " МСК",
    "Опубликовано: ",
    (
        "Новый мост обещают достроить до летних праздников",
        "Два рыболовных судна сели на мель у северного пляжа",
        "Библиотека теперь выдаёт инструменты и велосипеды",
        "Пекари просят открыть городскую печь",
        "Музыкальная школа набирает сто новых учеников",
        "Портовую дорогу закроют на три ночи",
        "Мэр пообещал высадить деревья на длинном проспекте",
    ),
    ("12.04.2026 08:21", "14 апреля 2026, 00:09", "13 апреля, 23:47", "10.04.2026"),
    "Популярное",
    "Последние новости",
    "Читайте также",
    "Ещё",
    "Поделиться",
    "Теги",
    "Реклама",
    "Просмотров: 1204",
    "Все права защищены",
)

TURKISH = Story(
    "tr",
    "Kıyı Postası",
    "Kültür",
    ("Anasayfa", "Gündem", "Ekonomi", "Kültür", "Spor"),
    "Eski İskele Yedi Adadan Gelen Öğrenciler İçin Gece Açılıyor",
    "Selin Aksoy",
    ("Haber: ", "Yazan: ", "Muhabir: ", ""),
    "Öğrenciler ahşap tekneleri inceliyor",
    ("{} (Fotoğraf: Müze Arşivi)", "{}. Fotoğraf: Müze Arşivi", "{}"),
    (
        (
            "Kuzey kıyısındaki eski iskele yeniden ziyarete açılıyor ve ilk olarak yedi adadan "
            "gelen öğrencileri ağırlayacak."
        ),
        (
            "Karar, 12 Nisan 2026 Pazar günü yapılan öğretmenler toplantısında uzun bir "
            "konuşmanın ardından alındı."
        ),
        (
            "Müze müdürü ana salonun iki yüz kişi aldığını, öğrencileri getirecek tekneyi "
            "belediyenin göndereceğini söyledi."
        ),
        "Toplantıya balıkçılar ve marangozlar da katıldı.",
        "“Çocuklar ahşaba dokunmalı, yalnızca kitaptaki resme bakmamalı” dedi öğretmenlerin önünde.",
        "Eski tekneler hep birlikte onarılıyor.",
        (
            "Geçen yüzyıldan kalma kırk kadar tekne onarıldı, çalışma 12 milyon liraya mal oldu "
            "ve kışın tamamlandı."
        ),
        "Gece teknelerinin saatleri her cuma okullarda duyurulacak.",
    ),
    "Eski ahşap uzun bir hikâye saklar.",
    "2026-04-13T20:35:00+03:00",
    (
        "13 Nisan 2026 Pazartesi | 20:35{z}",
        "Pazartesi, 13 Nisan 2026 20:35{z}",
        "13.04.2026 - 20:35{z}",
        "13 Nis 2026, 20:35{z}",
        "13/04/2026 20:35{z}",
    ),
    " TSİ",
    "Yayınlanma: ",
    (
        "Yeni Köprü Yaz Bayramından Önce Bitecek",
        "İki Balıkçı Teknesi Kuzey Plajında Karaya Oturdu",
        "Kütüphane Artık Alet ve Bisiklet de Veriyor",
        "Fırıncılar Belediye Fırınının Açılmasını İstiyor",
        "Müzik Okulu Yüz Yeni Öğrenci Alıyor",
        "Liman Yolu Üç Gece Kapalı Kalacak",
        "Başkan Uzun Caddeye Ağaç Sözü Verdi",
    ),
    ("12.04.2026 08:21", "14 Nisan 2026 00:09", "13 Nisan 2026 Pazartesi 23:47", "10.04.2026"),
    "Çok Okunanlar",
    "Son Dakika",
    "İlgili Haber",
    "Tümü",
    "Paylaş",
    "Etiketler",
    "Reklam",
    "1204 kez okundu",
    "Tüm hakları saklıdır",
)

STORIES = (INDONESIAN, SPANISH, RUSSIAN, TURKISH)
