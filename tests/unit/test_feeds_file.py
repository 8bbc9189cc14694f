"""Feeds files are read, written and edited, and every error names file and line."""

import pytest

from monitor.errors import FeedsFileError
from monitor.feeds_file import append_feed, read_feeds, rename_feed, set_active, set_value, write_opml, write_toml
from monitor.records import Feed

TOML = """# our feeds
[[feed]]
id = "reef"            # short
name = "Reef Notes"
url = "https://www.reef.example/feed"
source_type = "think-tank"
collections = ["pacific", "economy"]

  [[ feed ]]
id = 'hill'
name = "Hill # Daily [[feed]]"
url = "http://hill.example/rss"
source = "hill-group"
active = false
full_text = true
timezone = "Asia/Manila"
language = "en"
region = "Asia-Pacific"
"""


def test_toml_gives_feeds_with_defaults():
    reef, hill = read_feeds(TOML, "feeds.toml")
    assert reef == Feed(
        "reef",
        "Reef Notes",
        "https://www.reef.example/feed",
        "reef.example",
        "think-tank",
        collections=("pacific", "economy"),
    )
    assert hill == Feed(
        "hill",
        "Hill # Daily [[feed]]",
        "http://hill.example/rss",
        "hill-group",
        "news",
        "Asia-Pacific",
        "en",
        active=False,
        full_text=True,
        timezone="Asia/Manila",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('source = "hill-group"', 'sorce = "x"', 13, 'unknown key "sorce" (did you mean source?)'),
        ("id = 'hill'", 'id = "reef"', 10, 'id "reef" is already on line 3'),
        ("http://hill.example/rss", "https://www.reef.example/feed", 12, "is already on line 5"),
        ("http://hill.example/rss", "ftp://hill.example/rss", 12, "http or https"),
        ("http://hill.example/rss", "http:///rss", 12, "http or https"),
        ("http://hill.example/rss", "http://[::1", 12, "http or https"),
        ("http://hill.example/rss", "http://hill.example:99999/rss", 12, "a port from 1 to 65535"),
        ("http://hill.example/rss", "http://hill.example:0/rss", 12, "a port from 1 to 65535"),
        ("http://hill.example/rss", "http://hill.example:rss/", 12, "a port from 1 to 65535"),
        ("id = 'hill'", "id = 'Hill Daily'", 10, "lower-case"),
        ('name = "Reef Notes"', 'name = ""', 4, "not empty"),
        ('name = "Reef Notes"', "name = 3", 4, "must be text"),
        ('name = "Reef Notes"', 'name = "\u200b \u200d"', 4, "not empty"),
        ('name = "Reef Notes"', 'name = "Reef\\nNotes"', 4, "must be one line of text, without U+000A"),
        ('name = "Reef Notes"', 'name = "\u202eseton feeR"', 4, "must be one line of text, without U+202E"),
        ("think-tank", "think-tanks", 6, "(did you mean think-tank?)"),
        ('["pacific", "economy"]', '"pacific"', 7, "must be a list"),
        ('"economy"', '"The Economy"', 7, "lower-case"),
        ("active = false", 'active = "no"', 14, "true or false"),
        ("Asia/Manila", "Asia/Manilla", 16, "time zone"),
        ('language = "en"', 'language = "English"', 17, "language code"),
        ("id = 'hill'\n", "", 9, "has no id"),
        ("active = false", "active = maybe", 14, "is not valid TOML"),
        ("# our feeds", "feeds = 1", 1, 'unknown key "feeds" (did you mean feed?)'),
    ],
)
def test_a_bad_toml_names_file_and_line(old, new, line, says):
    assert old in TOML
    with pytest.raises(FeedsFileError) as caught:
        read_feeds(TOML.replace(old, new), "my/feeds.toml")
    assert str(caught.value).startswith(f"my/feeds.toml:{line}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["ភ្នំ\u200bពេញ", "नेपाल\u200d", "Ö\u00adsterreich", "東京\u3000新聞"])
def test_a_name_may_hold_what_joins_and_parts_letters(name):
    assert read_feeds(TOML.replace("Reef Notes", name), "x")[0].name == name


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "<opml><body/></opml>", "name,url\n"])
def test_a_file_without_feeds_is_an_error(text):
    with pytest.raises(FeedsFileError, match="x:1: holds no feeds"):
        read_feeds(text, "x")


def test_a_single_bracket_table_is_explained():
    with pytest.raises(FeedsFileError, match=r"x:2: feeds are written as \[\[feed\]\]"):
        read_feeds('\n[feed]\nid = "a"\n', "x")


def test_a_table_in_a_multi_line_string_does_not_shift_lines():
    text = '[[feed]]\nid = "a"\nname = """\n[[feed]]\n"""\nurl = "http://a.example/"\n[[feed]]\nid = "b"\nnmae = "B"\n'
    with pytest.raises(FeedsFileError, match="x:3: name: must be one line"):
        read_feeds(text, "x")


OPML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="2.0"><head><title>Mine</title></head><body>
 <outline text="Asia"><outline text="South East">
   <outline type="rss" text="Café Notes" title="Café  Notes" xmlUrl="https://www.cafe.example/feed" language="fr"
            category="/think tanks/Economy,Mekong"/>
   <outline text="Daily" xmlUrl="http://a.example/rss" language="unknown"/></outline></outline>
 <outline text="Other"><outline text="Daily" xmlUrl="http://b.example/rss"/>
   <outline text="Café again" xmlUrl="https://www.cafe.example/feed"/></outline>
 <outline text="中文" xmlUrl="http://zh.example/rss"/>
</body></opml>
"""


def test_opml_folders_and_categories_become_collections():
    feeds = {feed.url: feed for feed in read_feeds(OPML, "mine.opml")}
    cafe = feeds["https://www.cafe.example/feed"]
    assert cafe == Feed(
        "cafe-notes",
        "Café Notes",
        "https://www.cafe.example/feed",
        "cafe.example",
        language="fr",
        collections=("asia", "south-east", "think-tanks", "economy", "mekong", "other"),
    )
    assert feeds["http://zh.example/rss"].feed_id == "zh-example"
    assert feeds["http://a.example/rss"].language == ""


def test_ids_of_equal_names_do_not_depend_on_order():
    rows = ["Daily,http://a.example/", "Daily,http://b.example/", "Weekly,http://c.example/"]
    one = {f.url: f.feed_id for f in read_feeds("name,url\n" + "\n".join(rows), "x")}
    other = {f.url: f.feed_id for f in read_feeds("name,url\n" + "\n".join(rows[::-1]), "x")}
    assert one == other
    assert one["http://c.example/"] == "weekly"
    assert one["http://a.example/"].startswith("daily-")
    assert one["http://a.example/"] != one["http://b.example/"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('<!DOCTYPE opml [\n<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">\n]><opml>&b;</opml>', 2, "XML entities"),
        ("<opml><body>\n<outline text='a & b' xmlUrl='http://a.example/'/></body></opml>", 2, "not well-formed"),
        ("<opml><body>\n", 2, "not well-formed"),
        ("<!doctype html><html><body><br></body></html>", 1, "HTML"),
        ("<html><body><br></body></html>", 1, "starts with <html>"),
        ("<rss version='2.0'><channel/></rss>", 1, "is a feed itself"),
        ("<opml><body>\n\n<outline text='a' xmlUrl='javascript:x'/></body></opml>", 3, "http or https"),
        ("<opml>" + "<outline text='a'>" * 70, 1, "nested deeper"),
    ],
)
def test_a_bad_opml_names_file_and_line(text, line, says):
    with pytest.raises(FeedsFileError) as caught:
        read_feeds(text, "x.opml")
    message = str(caught.value)
    assert message.startswith(f"x.opml:{line}: ")
    assert says in message or "web page" in message


def test_csv_with_other_columns():
    text = (
        "\ufeffname,url,region,language,scenario,type,collections\r\n"
        '"Sim, 0",http://127.0.1.2:8801/feed/0.xml,Africa,en,dead,gov,South Asia;trade\r\n\r\n'
        "Other,https://www.o.example/f,,,,,\r\n"
    )
    sim, other = read_feeds(text, "f.csv")
    assert sim == Feed(
        "sim-0",
        "Sim, 0",
        "http://127.0.1.2:8801/feed/0.xml",
        "127.0.1.2",
        "government",
        "Africa",
        "en",
        ("south-asia", "trade"),
    )
    assert other == Feed("other", "Other", "https://www.o.example/f", "o.example")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name,url\nA,http://a.example/\nB,nowhere\n", 3, "http or https"),
        ("name,url\nA,http://a.example/\n\nB,http://a.example/\n", 4, "is already on line 2"),
        ("name,url\nA,http://a.example/,more\n", 2, "3 columns where the header has 2"),
        ('name,url\n"A,http://a.example/\n', 2, "not valid CSV"),
        ("name,url,active\nA,http://a.example/,perhaps\n", 2, "true or false"),
        ("name,url\nA,\n", 2, "has no url"),
        ("name,url," + "a" * 200_000 + "\nA,http://a.example/\n", 1, "not valid CSV"),
        ("a" * 200_000, 1, "is not valid TOML"),
    ],
)
def test_a_bad_csv_names_file_and_line(text, line, says):
    with pytest.raises(FeedsFileError) as caught:
        read_feeds(text, "x.csv")
    assert str(caught.value).startswith(f"x.csv:{line}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("write", [write_toml, write_opml])
def test_written_feeds_read_back(write):
    feeds = [*read_feeds(TOML, "a"), *read_feeds(OPML, "b")]
    odd = Feed("odd-1", 'A "quoted" <b> & \\ back', "http://odd.example/?a=1&b=2", "odd", full_text=False)
    assert read_feeds(write([*feeds, odd]), "written") == [*feeds, odd]


def test_appending_keeps_what_was_there():
    new = Feed("new", "New", "https://new.example/feed", "new.example", "commentary", collections=("asean",))
    longer = append_feed(TOML, new)
    assert longer.startswith(TOML)
    assert read_feeds(longer, "x")[-1] == new
    assert read_feeds(append_feed("", new), "x") == [new]
    assert read_feeds(append_feed("# only a comment", new), "x") == [new]


def test_appending_a_known_url_is_refused():
    with pytest.raises(FeedsFileError, match=r"feeds.toml:23: url .* is already on line 5"):
        append_feed(TOML, Feed("new", "New", "https://www.reef.example/feed", "reef.example"))


def test_retiring_changes_one_line():
    retired = set_active(TOML, "reef", False)
    assert set(retired.splitlines()) - set(TOML.splitlines()) == {"active = false"} - set(TOML.splitlines())
    assert len(retired.splitlines()) == len(TOML.splitlines()) + 1
    assert [feed.active for feed in read_feeds(retired, "x")] == [False, False]
    back = set_active(retired, "hill", True)
    assert [feed.active for feed in read_feeds(back, "x")] == [False, True]
    assert len(back.splitlines()) == len(retired.splitlines())


def test_renaming_keeps_the_comment_beside_it():
    text = TOML.replace('name = "Reef Notes"', 'name = "Reef Notes"  # since 2020')
    assert 'name = "Reef \\"R\\" # Notes"  # since 2020' in rename_feed(text, "reef", 'Reef "R" # Notes')


def test_setting_a_value_in_a_file_with_carriage_returns():
    text = TOML.replace("\n", "\r\n")
    assert read_feeds(set_value(text, "reef", "language", "en"), "x")[0].language == "en"


def test_editing_an_unknown_feed_or_a_bad_value_is_refused():
    with pytest.raises(FeedsFileError, match=r'no \[\[feed\]\] has the id "reeff" \(did you mean reef\?\)'):
        set_active(TOML, "reeff", False)
    with pytest.raises(FeedsFileError, match="language code"):
        set_value(TOML, "reef", "language", "English!")
