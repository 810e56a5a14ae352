"""PDFs become pictures of their pages and nothing else."""

from tests.corpus import documents as corpus


def test_each_page_becomes_a_picture(process):
    done = process(corpus.saved(corpus.pdf(3)))
    assert (done.facts["family"], done.facts["pages"]) == ("document", 3)
    names = {one["file_name"] for one in done.answer["derived"]}
    assert names == {f"{recipe}-p0{page}{suffix}" for page in (1, 2, 3)
                     for recipe, suffix in (("review", ".jpg"), ("claim", ".jpg"), ("thumbnail", ".webp"))}  # fmt: skip


def test_the_page_looks_as_it_was_drawn(process):
    review = process(corpus.saved(corpus.pdf())).picture("review")
    red, blue = review.getpixel((review.width // 4, 1000)), review.getpixel((3 * review.width // 4, 1000))
    assert (review.height, red[0] > 240, red[2] < 15, blue[0] < 15, blue[2] > 240) == (2048, True, True, True, True)


def test_what_was_typed_into_a_form_is_drawn(process):
    review = process(corpus.form("19")).picture("review").convert("L")
    assert review.getpixel((review.width // 2, 2048 * 142 // 792)) < 30  # the field's own look is a black box


def test_twenty_pages_are_shown_and_twenty_one_refused(process, tmp_path):
    shown = process(corpus.saved(corpus.pdf(20, size=(30, 40))))
    assert shown.facts["pages"] == 20
    shown.folder.rename(tmp_path / "before")
    assert process(corpus.saved(corpus.pdf(21, size=(30, 40)))).code == "too-many-pages"


def test_a_document_locked_for_its_owner_alone_is_still_read(process):
    assert process(corpus.locked("")).code == "ok"
