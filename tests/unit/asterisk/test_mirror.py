from ivr.asterisk.mirror import (
    AptSource,
    debian_mirrors,
    parse_deb822,
    parse_one_line,
    without_login,
)


def test_a_line_of_the_old_kind_is_read_with_its_options() -> None:
    text = """
    # deb http://commented.example/debian trixie main
    deb http://mirror.example/debian trixie main contrib # a remark
    deb-src http://mirror.example/debian trixie main
    deb [arch=amd64 signed-by=/keys/debian-archive-keyring.gpg] http://other.example/debian sid main
    """

    assert parse_one_line(text) == (
        AptSource("http://mirror.example/debian", "trixie", ("main", "contrib")),
        AptSource(
            "http://other.example/debian", "sid", ("main",), "/keys/debian-archive-keyring.gpg"
        ),
    )


def test_a_stanza_that_names_several_suites_is_several_sources() -> None:
    text = (
        "# the archive\n"
        "Types: deb deb-src\n"
        "URIs: http://mirror.example/debian\n"
        "Suites: bookworm\n bookworm-updates\n"
        "Components: main\n"
        "Signed-By: /keys/debian-archive-keyring.gpg\n"
    )

    sources = parse_deb822(text)

    assert [source.suite for source in sources] == ["bookworm", "bookworm-updates"]
    assert {source.uri for source in sources} == {"http://mirror.example/debian"}


def test_stanzas_that_are_switched_off_or_hold_sources_only_are_passed_over() -> None:
    off = "Types: deb\nEnabled: no\nURIs: http://off.example/\nSuites: sid\nComponents: main\n"
    sources_only = "Types: deb-src\nURIs: http://src.example/\nSuites: sid\nComponents: main\n"

    assert parse_deb822(f"{off}\n{sources_only}") == ()


def test_debians_own_archive_is_likelier_than_a_third_party_with_the_same_suite() -> None:
    sources = (
        AptSource("https://vendor.example/php", "bookworm", ("main",)),
        AptSource("http://mirror.example/debian", "bookworm", ("main",)),
        AptSource("http://mirror.example/debian", "bookworm-updates", ("main",)),
        AptSource("http://mirror.example/debian-security", "bookworm-security", ("main",)),
        AptSource("https://vendor.example/node", "nodistro", ("main",)),
        AptSource("https://vendor.example/docker", "bookworm", ("stable",)),
    )

    assert debian_mirrors(sources, "bookworm") == (
        "http://mirror.example/debian",
        "https://vendor.example/php",
    )


def test_a_list_of_mirrors_in_a_file_is_a_mirror_too() -> None:
    source = AptSource("mirror+file:///etc/apt/mirrors/debian.list", "trixie", ("main",))

    assert debian_mirrors((source,), "trixie") == (source.uri,)


def test_a_login_in_an_address_is_not_shown() -> None:
    text = "E: http://jane:secret@mirror.example/debian 403"

    assert without_login(text) == "E: http://…@mirror.example/debian 403"
