from monitor.lines import near, nearest


def test_the_nearest_is_found_in_any_case():
    assert near("KAMBODIA", ["Cambodia", "Canada", "Colombia"], 2)[0] == "Cambodia"
    assert nearest("kambodia", ["Cambodia", "Canada"]) == " (did you mean Cambodia?)"
    assert nearest("qqq", ["Cambodia"]) == ""
