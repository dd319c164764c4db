"""Who acts in a text: countries and their peoples, and persons as far as titles and common names show them."""

from __future__ import annotations

import re

_COUNTRIES = """
    Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan Bahrain Bangladesh Belarus Belgium
    Benin Bolivia Bosnia Botswana Brazil Britain Bulgaria Burundi Cambodia Cameroon Canada Chad Chile China Colombia
    Congo Croatia Cuba Cyprus Denmark Ecuador Egypt England Eritrea Estonia Ethiopia Finland France Gambia Germany Ghana
    Greece Guatemala Guinea Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan
    Kazakhstan Kenya Kosovo Kuwait Kyrgyzstan Laos Latvia Lebanon Liberia Libya Lithuania Luxembourg Macedonia
    Madagascar Malawi Malaysia Mali Malta Mauritania Mexico Moldova Mongolia Montenegro Morocco Mozambique Myanmar
    Namibia Nepal Netherlands Nicaragua Niger Nigeria Norway Oman Pakistan Palestine Panama Paraguay Peru Philippines
    Poland Portugal Qatar Romania Russia Rwanda Scotland Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan
    Sweden Switzerland Syria Taiwan Tajikistan Tanzania Thailand Togo Tunisia Turkey Turkmenistan Uganda Ukraine Uruguay
    Uzbekistan Venezuela Vietnam Wales Yemen Zambia Zimbabwe
    """
# A people's name that its country's does not begin: the country it stands for.
_PEOPLES = """
    Afghan/Afghanistan American/America British/Britain Briton/Britain Burmese/Myanmar Chinese/China Czech/Czechia
    Danish/Denmark Dane/Denmark Dutch/Netherlands English/England Finnish/Finland Finn/Finland French/France
    Greek/Greece Icelandic/Iceland Iraqi/Iraq Irish/Ireland Italian/Italy Kazakh/Kazakhstan Lebanese/Lebanon
    Maltese/Malta Mexican/Mexico Norwegian/Norway Pakistani/Pakistan Palestinian/Palestine Polish/Poland Pole/Poland
    Portuguese/Portugal Scottish/Scotland Serb/Serbia Slovak/Slovakia Soviet/Soviet Spanish/Spain Swede/Sweden
    Swedish/Sweden Swiss/Switzerland Thai/Thailand Tunisian/Tunisia Turk/Turkey Turkish/Turkey Ukrainian/Ukraine
    Uzbek/Uzbekistan Vietnamese/Vietnam Welsh/Wales Czechia/Czechia America/America Georgian/Georgia
    Jordanian/Jordan Korean/Korea Korea/Korea Cypriot/Cyprus Yemeni/Yemen
    """
_TITLES = (
    "President|Prime Minister|Chancellor|Minister|Secretary|Ambassador|Senator|Governor|Mayor|General|Colonel|Marshal"
    "|King|Queen|Prince|Princess|Pope|Judge|Mr|Mrs|Ms|Dr|Sir|Lady|Lord"
)
_GIVEN_NAMES = (
    "Alexander|Angela|Anna|Barack|Boris|Charles|David|Dmitry|Donald|Elizabeth|Emmanuel|Emma|George|Hillary|Jacob|James"
    "|Jens|Joe|John|Joseph|Kamala|Maria|Mark|Mary|Michael|Nelson|Olaf|Oleg|Olena|Peter|Recep|Rishi|Robert|Sarah|Sergei"
    "|Susan|Theresa|Thomas|Tony|Ursula|Viktor|Vladimir|Volodymyr|William|Xi|Yulia"
)
_PERSON = re.compile(rf"\b(?:(?:{_TITLES})\.? (?:(?:{_GIVEN_NAMES}) )?|(?:{_GIVEN_NAMES}) )([A-Z][\w-]+)")
_CAPITALISED = re.compile(r"[A-Z][A-Za-z]+")
_SEVERAL_WORDS = {
    "America": re.compile(r"\bUnited States\b|\bU\.S\.|\bUSA?\b"),
    "Britain": re.compile(r"\bUnited Kingdom\b|\bUK\b"),
    "New Zealand": re.compile(r"\bNew Zealand"),
    "Saudi Arabia": re.compile(r"\bSaudi\b"),
    "South Africa": re.compile(r"\bSouth Africa"),
    "Sri Lanka": re.compile(r"\bSri Lanka"),
}


def actors_in(text: str) -> frozenset[str]:
    """Return the countries that a text names, themselves or by their people."""
    words = (word.lower() for word in _CAPITALISED.findall(text))
    found = {_COUNTRY_OF[word] for word in words if word in _COUNTRY_OF}
    return frozenset(found | {country for country, names in _SEVERAL_WORDS.items() if names.search(text)})


def persons_in(text: str) -> frozenset[str]:
    """Return the last names of persons whom a title or a common given name shows."""
    return frozenset(_PERSON.findall(text))


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for country in _COUNTRIES.split():
        short = country.lower().rstrip("aeiouy")
        people = [short + ending for ending in ("an", "ian", "ean", "ese", "i")]
        names |= {name + plural: country for name in people for plural in ("", "s")}
    for entry in _PEOPLES.split():
        people_, _, country = entry.partition("/")
        names |= {people_.lower() + plural: country for plural in ("", "s")}
    return names | {country.lower(): country for country in _COUNTRIES.split()}


_COUNTRY_OF = _names()
