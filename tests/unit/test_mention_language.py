import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import gazetteer
from monitor.mention import Tagger
from monitor.mention.language import LEAST, Frequent, detect, is_mostly_ascii, is_of_other_script

KNOWN = Frequent(gazetteer.load().words)

TEXTS = {
    "fr": (
        "Le ministre a reçu des délégués de l'Allemagne et de la Chine dans les locaux des Nations unies, où la"
        " Birmanie et le Cambodge ont signé avec les États-Unis un accord sur la mer de Chine méridionale.",
        ["DEU", "CHN", "un", "MMR", "KHM", "USA", "south-china-sea"],
    ),
    "es": (
        "El presidente de España y los ministros de Alemania se reunieron en la sede de la ONU para hablar de Camboya y"
        " de EE.UU., que no firmó con Japón.",
        ["ESP", "DEU", "un", "KHM", "USA", "JPN"],
    ),
    "de": (
        "Die Regierung in Deutschland hat mit den Vereinigten Staaten und mit Japan über die Lage in Kambodscha und an"
        " Thailands Grenze gesprochen, wie die Vereinten Nationen mitteilten.",
        ["DEU", "USA", "JPN", "KHM", "THA", "un"],
    ),
    "id": (
        "Pemerintah Indonesia dan Kamboja akan bertemu dengan Amerika Serikat untuk membahas Laut Cina Selatan, yang"
        " tidak dihadiri oleh Tiongkok dalam pertemuan ini.",
        ["IDN", "KHM", "USA", "south-china-sea", "CHN"],
    ),
    "vi": (
        "Thủ tướng Việt Nam và Campuchia đã gặp nhau, trong khi Trung Quốc không tham dự, theo Liên Hợp Quốc.",
        ["VNM", "KHM", "CHN", "un"],
    ),
    "ru": ("Министры Китая и Камбоджи говорили с ООН; США не участвовали.", ["CHN", "KHM", "un", "USA"]),
    "ar": ("قالت الصين وكمبوديا في الأمم المتحدة", ["CHN", "KHM", "un"]),
    "zh": ("柬埔寨和泰国将在联合国会谈，美国与日本没有参加。", ["KHM", "THA", "un", "USA", "JPN"]),
    "ja": ("日本の首相は韓国とベトナムを訪問し、国連で演説した。", ["JPN", "KOR", "VNM", "un"]),
    "ko": ("한국은 북한과 캄보디아에 대해 유엔에서 말했다.", ["KOR", "PRK", "KHM", "un"]),
    "th": ("รัฐบาลไทยและกัมพูชาเจรจากันที่สหประชาชาติ", ["THA", "KHM", "un"]),
    "km": ("កម្ពុជា និង វៀតណាម", ["KHM", "VNM"]),
}


@pytest.fixture(scope="module")
def tagger():
    return Tagger(gazetteer.load())


@pytest.mark.parametrize("code", TEXTS)
def test_names_in_their_language(tagger, code):
    text, expected = TEXTS[code]
    assert detect(text, tagger.frequent) == code
    assert [m.entity_id for m in tagger.tag(text)] == expected


def test_a_given_language_goes_before_the_guess(tagger):
    assert not tagger.tag("Chine, Espagne")
    assert [m.entity_id for m in tagger.tag("Chine, Espagne", language="fr-FR")] == ["CHN", "ESP"]


@pytest.mark.parametrize(
    "text",
    [
        "The Chine river and the Inde cafe, which Espagne street and the Mar company of the town visited.",
        "“Quoted,” she said of the naïve plan for the café; the Suisse hotel and the Coree bar are in the city.",
        "Nga and Anh Nguyen walked to the As Roma match with the VS team of the school.",
        "Hola to the people of the village, and to all that was in it.",
    ],
)
def test_foreign_names_are_not_found_in_english(tagger, text):
    assert not [m for m in tagger.tag(text) if m.kind == "country"]


@pytest.mark.parametrize("text", ["", "a", "Laos", "1234", "…", "\u0301" * 50])
def test_what_cannot_be_told_is_english(tagger, text):
    assert detect(text, tagger.frequent) == "en"


def test_a_text_of_many_tone_marks_is_vietnamese(tagger):
    assert detect("Của những người Việt ở Mỹ và ở Ấn Độ được để ở một nước mới", tagger.frequent) == "vi"


@given(st.text("aZ 1.é’—ủки汉ไ", max_size=40))
def test_the_short_way_overlooks_no_other_script(sample):
    others, letters = sum(map(is_of_other_script, sample)), sum(map(str.isalpha, sample))
    assert not (is_mostly_ascii(sample) and 4 * others > letters)


@given(st.data())
def test_the_language_is_the_one_with_most_frequent_words(data):
    codes = data.draw(st.lists(st.sampled_from(sorted(KNOWN.of)), min_size=1, max_size=3))
    words = [data.draw(st.sampled_from(sorted(KNOWN.of[data.draw(st.sampled_from(codes))]))) for _ in range(12)]
    counts = {code: len(own.intersection(words)) for code, own in KNOWN.of.items()}
    found = detect("à " + " ".join(words), KNOWN)
    others = {code: count for code, count in counts.items() if code != "en"}
    is_clear = max(others.values()) >= LEAST and max(others.values()) > 2 * counts["en"]
    assert counts[found] == max(others.values()) if is_clear else found == "en"
