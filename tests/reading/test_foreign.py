"""Paragraphs in other languages than that of the article."""

from __future__ import annotations

import pytest

from newskit.reading.article import Block, find_blocks
from newskit.reading.boilerplate import mark_boilerplate
from newskit.reading.foreign import is_foreign, mark_foreign


@pytest.mark.parametrize(
    "paragraph",
    [
        "Wir haben am Montag lange darüber gesprochen und werden die Fähre nicht verkaufen, sagte die Ministerin.",
        "Nous avons décidé de partir parce que le gouvernement ne voulait plus nous écouter.",
        "El alcalde dijo que nadie había pedido un puente nuevo, pero que la ciudad no puede esperar más.",
        "Burmistrz powiedział w poniedziałek, że nikt nie wiedział o wypadku, dopóki prom nie wrócił do portu.",
        "Мэр заявил, что паром вернётся в порт только после окончания шторма.",
        "市长在星期一表示,渡轮要等到风暴结束之后才能返回港口,没有人知道需要多长时间。",
        "رئيس البلدية قال يوم الاثنين إن العبارة لن تعود إلى الميناء قبل نهاية العاصفة.",
    ],
)
def test_a_paragraph_in_another_language(paragraph: str) -> None:
    assert is_foreign(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Olaf Brandt, Jiří Dvořák, Božena Němcová, Łukasz Żak, François Hollande und Gerhard Schröder",
        "Harbourton 3, Tarn Bay 2 (Quist 12, Roth 44 pen, Šťastná 90; Żak 51, Němcová 77). Attendance: 12,345.",
        "“Wir schaffen das,” Chancellor Angela Merkel said in 2015, and many Germans have quoted her ever since.",
        "Breaking: ferry lost near Tarn Bay, crew missing, search suspended overnight, relatives waiting ashore",
        "gr8 ferry m8!!! lol no way they r selling dis thing smh",
        "Per capita income, circa 1990, rose vis-à-vis prewar levels.",
        "LOS PADRES NATIONAL FOREST, CALIFORNIA",
        "Dijo que no.",
        "",
    ],
)
def test_english_names_and_short_lines_are_not(paragraph: str) -> None:
    assert not is_foreign(paragraph)


def test_only_paragraphs_of_the_body_are_marked_and_what_is_inside_them_goes() -> None:
    text = (
        "Le maire ne veut plus parler avec les habitants\n\nThe mayor left on Monday, and the town was glad of it.\n\n"
        "PARIS (AFP) — Le maire a quitté la ville parce que personne ne voulait plus lui parler de la vieille fête."
    )
    marked = mark_foreign(text, mark_boilerplate(text, find_blocks(text)))
    assert [block.part for block in marked] == ["headline", "body", "foreign"]
    assert mark_foreign("", (Block(0, 0),)) == (Block(0, 0),)
