# ruff: noqa: E501 - one list a line reads better than a wrapped one
"""Names, towns, employers and telephone formats by culture. All of it invented or common; no real person.

A name is written ``display`` or ``display=ascii`` when its e-mail form can't be derived by dropping accents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "å": "aa", "ð": "d", "þ": "th", "œ": "oe"})  # fmt: skip


def plain(name: str) -> str:
    """The name as it stands before the @: lower case, ASCII letters and digits only."""
    text = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in text if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Culture:
    slug: str
    country: str
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    family_female: tuple[tuple[str, str], ...]
    towns: tuple[tuple[str, str | None], ...]
    employers: tuple[str, ...]
    phone: str


def _names(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (entry.strip().partition("=") for entry in text.split(","))
    return tuple((name, latin or plain(name)) for name, _, latin in pairs)


# Languages whose family names agree with the given name: ending, latin ending, and what women's names have instead.
_AGREEMENT = {
    "bulgarian": (("ов", "ov", "ова", "ova"), ("ев", "ev", "ева", "eva")),
    "polish": (("ski", "ski", "ska", "ska"), ("cki", "cki", "cka", "cka")),
}


def _feminine(slug: str, name: tuple[str, str]) -> tuple[str, str]:
    for ending, latin, changed, changed_latin in _AGREEMENT.get(slug, ()):
        if name[0].endswith(ending):
            return name[0].removesuffix(ending) + changed, name[1].removesuffix(latin) + changed_latin
    return name


def _culture(slug: str, country: str, given: str, family: str, towns: str, employers: str, phone: str) -> Culture:
    """Towns are ``town`` or ``town/state``; ``#`` in a phone format becomes a digit.

    Where family names agree with given names, every second given name is a woman's.
    """
    places = (town.strip().partition("/") for town in towns.split(","))
    return Culture(
        slug,
        country,
        _names(given),
        _names(family),
        tuple(_feminine(slug, name) for name in _names(family)),
        tuple((town, state or None) for town, _, state in places),
        tuple(name.strip() for name in employers.split(",")),
        phone,
    )


CULTURES: tuple[Culture, ...] = (
    _culture(
        "norwegian", "NO",
        "Ingrid, Bjørn, Åse, Håkon, Sigrid, Torstein, Solveig, Øyvind, Ragnhild, Magnus, Eirik, Maren",
        "Sørensen, Ødegård, Haugland, Bakken, Lindqvist-Moe, Strand, Nygård, Fjeldstad, Aasen, Tveit, Brekke, Kvåle, Hovland",
        "Oslo, Bergen, Trondheim, Stavanger, Tromsø", "Fjordlys Energi, Nordhavn Logistikk, Bryggen Programvare", "+47 4## ## ###",
    ),
    _culture(
        "swedish", "SE",
        "Linnéa, Björn, Åsa, Göran, Märta, Viktor, Elin, Sixten, Tuva, Hjalmar, Saga, Olle",
        "Sjögren, Åkerlund, Bergström, Öberg, Lindahl, Nyström, Hallqvist, Dahlgren, Ekström, Wallin, Söderberg, Hägg, Rosén",
        "Stockholm, Göteborg, Malmö, Uppsala, Umeå", "Klarvatten AB, Norrsken Data, Ljungby Maskin", "+46 70 ### ## ##",
    ),
    _culture(
        "finnish", "FI",
        "Aino, Väinö, Päivi, Jukka, Sanni, Eero, Tuulikki, Lauri, Helmi, Antti, Kaisa, Oskari",
        "Hämäläinen, Mäkinen, Virtanen, Järvinen, Nieminen, Lähteenmäki, Koskela, Rantala, Salmi, Ylönen, Kettunen, Pöyhönen, Aalto",
        "Helsinki, Tampere, Oulu, Turku, Jyväskylä", "Havukka Software, Järvisuomi Metalli, Revontuli Health", "+358 40 ### ####",
    ),
    _culture(
        "danish", "DK",
        "Søren, Freja, Mads, Kirstine, Rasmus, Signe, Jeppe, Astrid, Anders, Maja, Asger, Lærke",
        "Kjærgaard, Østergaard, Møller, Thorup, Skov, Bruun, Vestergaard, Holm, Nørgaard, Dalsgaard, Friis, Bak, Ravn",
        "København, Aarhus, Odense, Aalborg", "Havblik Design, Øresund Analytics, Vindkraft Nord", "+45 ## ## ## ##",
    ),
    _culture(
        "igbo", "NG",
        "Chidinma, Emeka, Ngozi, Obinna, Adaeze, Ikenna, Chiamaka, Uche, Nkechi, Kelechi, Ifeoma, Amara",
        "Okafor, Nwosu, Eze, Okonkwo, Chukwu, Obi, Nnamdi, Umeh, Onyeka, Azikiwe-Obi, Ibe, Anyanwu, Okorie",
        "Lagos, Enugu, Abuja, Port Harcourt", "Palmline Payments, Zobo Foods, Lekki Cloud Works", "+234 80# ### ####",
    ),
    _culture(
        "akan", "GH",
        "Kwame, Akosua, Yaw, Abena, Kofi, Efua, Kwabena, Ama, Kojo, Adwoa, Esi, Nana",
        "Mensah, Owusu, Boateng, Asante, Appiah, Osei, Agyeman, Ofori, Sarpong, Amoako, Darko, Quaye, Nkrumah-Osei",
        "Accra, Kumasi, Tamale, Takoradi", "Volta Grid Services, Kente Market, Osu Health Systems", "+233 24 ### ####",
    ),
    _culture(
        "wolof", "SN",
        "Aïssatou, Mamadou, Fatou, Ousmane, Awa, Cheikh, Ndèye, Modou, Khady, Ibrahima, Sokhna, Pape",
        "Ndiaye, Diop, Fall, Sarr, Mbaye, Cissé, Guèye, Faye, Diallo, Thiam, Sène, Bâ, Touré",
        "Dakar, Saint-Louis, Thiès", "Téranga Mobile, Sahel Logistique, Baobab Assurances", "+221 77 ### ## ##",
    ),
    _culture(
        "japanese", "JP",
        "恵=megumi, 健太=kenta, さくら=sakura, 翔=sho, 美咲=misaki, 大輔=daisuke, 陽菜=hina, 拓也=takuya, 結衣=yui, 直樹=naoki, 葵=aoi, 蓮=ren",
        "佐藤=sato, 鈴木=suzuki, 高橋=takahashi, 渡辺=watanabe, 小林=kobayashi, 山本=yamamoto, 斎藤=saito, 松本=matsumoto, 井上=inoue, 木村=kimura, 清水=shimizu, 森=mori, 長谷川=hasegawa",
        "東京, 大阪, 京都, 福岡, 札幌", "株式会社みなとソフト, 富士見精機, 北斗データ", "+81 90-####-####",
    ),
    _culture(
        "chinese", "CN",
        "伟=wei, 芳=fang, 秀英=xiuying, 娜=na, 敏=min, 静=jing, 强=qiang, 磊=lei, 洋=yang, 艳=yan, 思远=siyuan, 雨桐=yutong",
        "王=wang, 李=li, 张=zhang, 刘=liu, 陈=chen, 杨=yang, 赵=zhao, 黄=huang, 周=zhou, 吴=wu, 徐=xu, 孙=sun, 欧阳=ouyang",
        "上海, 北京, 深圳, 杭州, 成都", "海云科技, 长风物流, 青石数据", "+86 138 #### ####",
    ),
    _culture(
        "arabic", "EG",
        "محمد=mohamed, فاطمة=fatma, أحمد=ahmed, مريم=mariam, يوسف=youssef, نور=nour, خالد=khaled, سلمى=salma, عمر=omar, هبة=heba, طارق=tarek, ليلى=laila",
        "حسن=hassan, إبراهيم=ibrahim, عبد الرحمن=abdelrahman, السيد=elsayed, منصور=mansour, صالح=saleh, فاروق=farouk, نصار=nassar, حداد=haddad, خليل=khalil, زكي=zaki, شاهين=shaheen, المصري=elmasry",
        "القاهرة, الإسكندرية, الجيزة", "شركة النيل للبرمجيات, دلتا للطاقة, منارة للتعليم", "+20 10 #### ####",
    ),
    _culture(
        "hebrew", "IL",
        "נועם=noam, תמר=tamar, איתי=itay, יעל=yael, עומר=omer, שירה=shira, דניאל=daniel, מאיה=maya, אורי=uri, רוני=roni, גיל=gil, הילה=hila",
        "כהן=cohen, לוי=levi, מזרחי=mizrahi, פרידמן=friedman, אזולאי=azoulay, ביטון=biton, שפירא=shapira, גולן=golan, רוזן=rosen, חדד=hadad, ברק=barak, שלום=shalom, אברהמי=avrahami",
        "תל אביב, חיפה, ירושלים", "גל נתונים, כרמל מערכות, תבור בריאות", "+972 52-###-####",
    ),
    _culture(
        "ukrainian", "UA",
        "Олена=olena, Тарас=taras, Оксана=oksana, Андрій=andrii, Наталія=nataliia, Богдан=bohdan, Марія=mariia, Юрій=yurii, Софія=sofiia, Дмитро=dmytro, Ірина=iryna, Остап=ostap",
        "Шевчук=shevchuk, Коваленко=kovalenko, Бондаренко=bondarenko, Мельник=melnyk, Ткаченко=tkachenko, Кравець=kravets, Лисенко=lysenko, Гнатюк=hnatiuk, Савчук=savchuk, Яременко=yaremenko, Зінченко=zinchenko, Дяченко=diachenko, Рудь=rud",
        "Київ, Львів, Харків, Одеса", "Дніпро Софт, Карпати Логістика, Соняшник Агро", "+380 67 ### ## ##",
    ),
    _culture(
        "bulgarian", "BG",
        "Иван=ivan, Мария=maria, Георги=georgi, Десислава=desislava, Петър=petar, Цветелина=tsvetelina, Калоян=kaloyan, Ралица=ralitsa, Стоян=stoyan, Милена=milena, Явор=yavor, Жана=zhana",
        "Иванов=ivanov, Петров=petrov, Димитров=dimitrov, Колев=kolev, Стоянов=stoyanov, Тодоров=todorov, Ангелов=angelov, Маринов=marinov, Христов=hristov, Янков=yankov, Недялков=nedyalkov, Щерев=shterev, Желев=zhelev",
        "София, Пловдив, Варна", "Розова Долина Софт, Витоша Данни, Черноморска Логистика", "+359 88 ### ####",
    ),
    _culture(
        "turkish", "TR",
        "Ayşe, Çağlar, Zeynep, Gökhan, İpek=ipek, Oğuz, Şule, Ünal, Elif, Emre, Tuğba, Işıl",
        "Yılmaz, Öztürk, Çelik, Şahin, Yıldırım, Doğan, Kılıç, Aydın, Güneş, Koç, Erdoğmuş, Kaya, Şimşek",
        "İstanbul, Ankara, İzmir, Eskişehir", "Boğaz Yazılım, Anadolu Tekstil, Ege Veri", "+90 532 ### ## ##",
    ),
    _culture(
        "vietnamese", "VN",
        "Thị Hồng, Văn Minh, Ngọc Ánh, Quốc Bảo, Thùy Dương, Đức Anh, Kim Liên, Hữu Phước, Mỹ Duyên, Tuấn Kiệt, Bích Ngọc, Gia Huy",
        "Nguyễn, Trần, Lê, Phạm, Hoàng, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý",
        "Hà Nội, Thành phố Hồ Chí Minh, Đà Nẵng, Huế", "Sen Vàng Công nghệ, Mê Kông Logistics, Bến Thành Dữ liệu", "+84 9# ### ####",
    ),
    _culture(
        "indian", "IN",
        "Priya, Arjun, Lakshmi, Rohan, Ananya, Vikram, Meenakshi, Sanjay, Kavitha, Aditya, Ishaan, Divya",
        "Venkataraman, Iyer, Sharma, Banerjee, Krishnamurthy, Patel, Gupta, Reddy, Nair, Chatterjee, Deshpande, Kulkarni, Subramaniam",
        "Bengaluru/Karnataka, Pune/Maharashtra, Chennai/Tamil Nadu, Kolkata/West Bengal", "Neelgiri Systems, Monsoon Analytics, Banyan Retail", "+91 98### #####",
    ),
    _culture(
        "mexican", "MX",
        "María Fernanda, José Luis, Guadalupe, Ángel, Ximena, Joaquín, Itzel, Raúl, Sofía, Cuauhtémoc, Lucía, Andrés",
        "Hernández García, Ramírez Núñez, Muñoz, Peña Ortiz, López Ávila, Gutiérrez, Ibáñez, Cárdenas Ríos, Treviño, Zúñiga, Domínguez, Castañeda, Villaseñor",
        "Ciudad de México, Guadalajara/Jalisco, Monterrey/Nuevo León, Mérida/Yucatán", "Nopal Software, Grupo Anáhuac Logística, Maíz Azul", "+52 55 #### ####",
    ),
    _culture(
        "brazilian", "BR",
        "João, Conceição, Thiago, Letícia, Mateus, Inês, Caio, Júlia, Antônio, Débora, Iracema, Otávio",
        "da Silva, dos Santos, Araújo, Gonçalves, Magalhães, Assunção, de Oliveira, Simões, Brandão, Falcão, Lourenço, Vilaça, Camargo",
        "São Paulo/SP, Rio de Janeiro/RJ, Belo Horizonte/MG, Florianópolis/SC", "Ipê Tecnologia, Guará Logística, Maré Dados", "+55 11 9####-####",
    ),
    _culture(
        "polish", "PL",
        "Łukasz, Małgorzata, Grzegorz, Agnieszka, Zbigniew, Żaneta, Krzysztof, Zofia, Stanisław, Bożena, Wojciech, Jagna",
        "Wójcik, Kowalczyk, Szymański, Dąbrowski, Błaszczykowski, Zieliński, Brzęczyszczykiewicz, Kaźmierczak, Pawłowski, Głowacki, Sęk, Żuraw, Chrząszcz",
        "Warszawa, Kraków, Wrocław, Gdańsk, Łódź", "Wisła Oprogramowanie, Bursztyn Dane, Tatry Logistyka", "+48 6## ### ###",
    ),
    _culture(
        "irish", "IE",
        "Siobhán, Cillian, Aoife, Oisín, Niamh, Pádraig, Gráinne, Tadhg, Caoimhe, Fionn, Róisín, Eoghan",
        "O'Sullivan, O'Brien, Ó Conaill, Ní Dhomhnaill, MacMahon, O'Shaughnessy, Byrne, Gallagher, Mac Giolla Phádraig, Kavanagh, D'Arcy, Fitzgerald, O'Dwyer",
        "Dublin, Cork, Galway, Limerick", "Shamrock Ledger, Liffey Labs, Burren Medical", "+353 8# ### ####",
    ),
    _culture(
        "british", "GB",
        "Harriet, Oliver, Imogen, Callum, Beatrice, Rhys, Georgina, Tobias, Nesta, Alistair, Poppy, Jonathan",
        "Whitcombe, Ashworth, Featherstonehaugh-Cholmondeley, Llewellyn, Pemberton, Cartwright, Hargreaves, Blythe, Sutherland, Penhaligon, St John, Oakes, Thistlewood",
        "London, Manchester, Edinburgh, Cardiff, Bristol", "Northgate Foods, Tidewater Insurance, Copperfield Studios", "+44 20 7946 0###",
    ),
    _culture(
        "german", "DE",
        "Jürgen, Käthe, Björn, Ursula, Götz, Anneliese, Sören, Friederike, Wolfram, Lieselotte, Jörg, Änne",
        "Müller-Lüdenscheidt, Weiß, Schröder, Großmann, Köhler, Krüger, von der Heide, Jäger, Böhm, Schultheiß, Lücke, Zöllner, Brandt",
        "Berlin, München, Köln, Düsseldorf, Nürnberg", "Spreewerk Software, Möwe Versicherung, Schwarzwald Präzision", "+49 151 ########",
    ),
    _culture(
        "french", "FR",
        "Élodie, François, Anaïs, Gaël, Maëlys, Benoît, Zoé, Hervé, Héloïse, Rémi, Noémie, Jean-Christophe",
        "Lefèvre, Béranger, de La Rochebrune, Garçon, Fournier-Delacroix, Maître, Rousseau, Guérin, d'Aubigny, Hénault, Lacoste, Périer, Duchêne",
        "Paris, Lyon, Nantes, Marseille, Lille", "Atelier Bergamote, Loire Numérique, Mistral Énergie", "+33 6 ## ## ## ##",
    ),
    _culture(
        "korean", "KR",
        "민준=minjun, 서연=seoyeon, 지훈=jihoon, 하은=haeun, 도윤=doyun, 수빈=subin, 현우=hyunwoo, 지민=jimin, 예은=yeeun, 준호=junho, 다인=dain, 유진=yujin",
        "김=kim, 이=lee, 박=park, 최=choi, 정=jung, 강=kang, 조=cho, 윤=yoon, 장=jang, 임=lim, 한=han, 오=oh, 남궁=namgung",
        "서울, 부산, 대전, 인천", "한빛소프트랩, 남산데이터, 해운대물류", "+82 10-####-####",
    ),
)  # fmt: skip

COUNTRY_NAMES = {
    "NO": "Norway", "SE": "Sweden", "FI": "Finland", "DK": "Denmark", "NG": "Nigeria", "GH": "Ghana", "SN": "Senegal",
    "JP": "日本", "CN": "中国", "EG": "مصر", "IL": "ישראל", "UA": "Україна", "BG": "България", "TR": "Türkiye",
    "VN": "Việt Nam", "IN": "India", "MX": "México", "BR": "Brasil", "PL": "Polska", "IE": "Ireland",
    "GB": "United Kingdom", "DE": "Deutschland", "FR": "France", "KR": "대한민국",
}  # fmt: skip
