"""One spelling for words that are written in two ways, as in Britain and America."""

from __future__ import annotations

import re
from functools import lru_cache

# British stems before -our-, their letters doubled before endings, and Greek or Latin digraphs; rules rather than a
# dictionary, so that colourful, unfavourable and remodelling are met too.
_OUR = (
    "ard arm behavi cand clam col demean endeav fav ferv flav glam harb hon hum lab neighb od parl ranc rig rum savi "
    "splend succ tum val vap vig"
)
_RE = "calib cent fib lit lust meag met sab somb spect theat"
_DOUBLED = (
    "cancel channel counsel dial duel enrol equal fuel fulfil initial instal jewel label level libel marvel model "
    "panel pedal quarrel rival shovel signal spiral total towel travel tunnel unravel"
)
_RULES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"({'|'.join(_OUR.split())})our"), r"\1or"),
    (re.compile(rf"({'|'.join(_RE.split())})re(s|d)?$"), r"\1er\2"),
    (re.compile(rf"({'|'.join(_DOUBLED.split())})l(?=ed|ing|er|est|ment|ation|or|ful)"), r"\1"),
    (re.compile(r"(enrol|fulfil|instal)l(s?)$"), r"\1\2"),
    (re.compile(r"(?<=[a-z]{2})is(e|ed|es|er|ers|ing|able|ation|ations|ational)$"), r"iz\1"),
    (re.compile(r"(?<=l)ys(e|ed|es|er|ers|ing)$"), r"yz\1"),
    (re.compile(r"(anal|catal|dial|epil|monol|prol)ogue(s?)$"), r"\1og\2"),
    (re.compile(r"(def|off|pret|lic)ence(s|d)?$"), r"\1ense\2"),
    (re.compile(r"(judg|acknowledg|abridg)ement"), r"\1ment"),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"aem(?=ia|ic)"), "em"),
    (re.compile(r"aesth"), "esth"),
    (re.compile(r"aetiol"), "etiol"),
    (re.compile(r"(arch|pal)aeo"), r"\1eo"),
    (re.compile(r"caes(?=ar|ium)"), "ces"),
    (re.compile(r"faec"), "fec"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"mediaev"), "mediev"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"amoeb"), "ameb"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"manoeuvre"), "maneuver"),
    (re.compile(r"oe(?=str|soph|dem)"), "e"),
    (re.compile(r"rrhoea"), "rrhea"),
    (re.compile(r"aluminium"), "aluminum"),
    (re.compile(r"^mould"), "mold"),
    (re.compile(r"plough"), "plow"),
    (re.compile(r"sceptic"), "skeptic"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"jewelery$"), "jewelry"),
]
_PAIRS = {
    "aeroplane": "airplane",
    "aeroplanes": "airplanes",
    "ageing": "aging",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "burnt": "burned",
    "cosy": "cozy",
    "despatch": "dispatch",
    "draught": "draft",
    "dreamt": "dreamed",
    "enquiry": "inquiry",
    "gaol": "jail",
    "grey": "gray",
    "kerb": "curb",
    "learnt": "learned",
    "maths": "math",
    "moustache": "mustache",
    "practise": "practice",
    "practised": "practiced",
    "practising": "practicing",
    "programme": "program",
    "programmes": "programs",
    "pyjamas": "pajamas",
    "skilful": "skillful",
    "spelt": "spelled",
    "storeys": "stories",
    "towards": "toward",
    "tyre": "tire",
    "tyres": "tires",
    "whilst": "while",
    "yoghurt": "yogurt",
}


@lru_cache(maxsize=4096)
def one_spelling(word: str) -> str:
    """Return a lower-case word in one of its spellings, the same for all of them; it need not be a word anywhere."""
    if word in _PAIRS:
        return _PAIRS[word]
    for pattern, written in _RULES:
        word = pattern.sub(written, word)
    return word
