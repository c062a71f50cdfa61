"""The job sheet on a phone: a photo, a cellar without network, and what is left after signing out."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import PHONE
from tests.pictures import from_a_phone

LEFT = """async () => ({
  drafts: Object.keys(localStorage).filter((name) => name.startsWith("fettle:")),
  caches: await caches.keys(),
  waiting: (await indexedDB.databases()).length,
})"""
KEPT = """async (path) => {
  await navigator.serviceWorker.ready;
  const files = await (await caches.open("files")).keys();
  return files.length > 3 && Boolean(await (await caches.open("sheet")).match(path));
}"""


def begun(page) -> str:
    """The address of a new order of the technician's own, in progress."""
    page.goto("/vehicles/")
    page.goto(page.locator("a.veh").first.get_attribute("href"))
    vehicle = re.search(r"\d+", page.url.partition("/vehicles/")[2])[0]
    page.goto(f"/orders/new/?vehicle={vehicle}")
    page.get_by_label("Something else to do").fill("Look at the brake light")
    page.get_by_role("button", name=re.compile("Write|New|Create")).click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/$"))
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".toast")).to_contain_text("started")
    return page.url.partition("//")[2].partition("/")[2]


def kept_for_offline(page) -> None:
    page.wait_for_function(KEPT, arg=page.evaluate("() => location.pathname"))


def cut_off(phone, off: bool = True) -> None:
    phone.context.set_offline(off)


def forgive(phone) -> None:
    """The browser itself notes each request that found no network, in words of its own."""
    noted = ("net::ERR", "Failed to fetch", "503", "422")
    phone.complaints[:] = [line for line in phone.complaints if not any(word in line for word in noted)]


def test_a_photo_goes_up_as_it_is_taken_and_can_be_removed(window, keys, tmp_path):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    begun(page)
    picture = tmp_path / "IMG_0001.jpg"
    picture.write_bytes(from_a_phone((1_200, 1_600)))
    page.get_by_label("Notes").fill("Bulb was loose")
    page.locator("#photo").set_input_files(picture)
    thumb = page.locator("#photos-photo img")
    expect(thumb).to_have_js_property("complete", True)
    expect(thumb).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_label("Notes")).to_have_value("Bulb was loose")

    thumb.click()
    expect(page.locator("main img")).not_to_have_js_property("naturalWidth", 0)
    page.get_by_text("Remove this photo").click()
    page.get_by_role("button", name="Remove it for good").click()
    expect(page.locator("#photos-photo img")).to_have_count(0)
    expect(page.locator(".order-past")).to_contain_text("Photo removed")


def test_what_is_no_photo_is_told_beside_the_camera(window, keys, tmp_path):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    begun(page)
    page_in_disguise = tmp_path / "photo.jpg"
    page_in_disguise.write_text("<html><script>alert(1)</script></html>")
    page.locator("#photo").set_input_files(page_in_disguise)
    expect(page.locator("#photo-e")).to_contain_text("neither a JPEG nor a PNG")
    phone.complaints[:] = [line for line in phone.complaints if "422" not in line]


def test_without_javascript_the_photo_goes_with_what_is_typed(window, keys, tmp_path):
    page = window(PHONE, state=keys("technician"), script=False).page
    begun(page)
    picture = tmp_path / "IMG_0002.jpg"
    picture.write_bytes(from_a_phone())
    page.get_by_label("Notes").fill("Typed beside it")
    page.locator("#photo").set_input_files(picture)
    page.locator("#photos-photo").get_by_role("button", name="Send the photo").click()
    expect(page.locator(".toast")).to_contain_text("The photo is kept.")
    expect(page.locator("#photos-photo img")).to_have_count(1)
    expect(page.get_by_label("Notes")).to_have_value("Typed beside it")


def test_in_a_cellar_the_sheet_opens_keeps_what_is_typed_and_sends_it_later(window, keys, tmp_path):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    begun(page)
    kept_for_offline(page)

    cut_off(phone)
    page.get_by_label("Notes").fill("Typed in the cellar")
    page.locator("#id_odometer_km").fill("123456")
    page.reload()
    expect(page.locator("#copy-note")).to_contain_text(
        re.compile(r"The network does not answer\. This is a copy of \d\d:\d\d\.")
    )
    expect(page.locator("#draft-note")).to_contain_text(re.compile(r"Typed here at \d\d:\d\d, not sent yet\."))
    expect(page.get_by_label("Notes")).to_have_value("Typed in the cellar")
    expect(page.locator("#id_odometer_km")).to_have_value("123456")
    picture = tmp_path / "IMG_0003.jpg"
    picture.write_bytes(from_a_phone())
    page.locator("#photo").set_input_files(picture)
    expect(page.locator("#wait-note")).to_contain_text("A photo")
    expect(page.locator("#photos-photo label")).to_contain_text("Add another photo")
    page.locator("#id_odometer_km").fill("")
    page.locator(".seg label", has_text=re.compile("^Done$")).click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#wait-note")).to_contain_text(re.compile(r"Done, \d\d:\d\d, waits for the network"))
    expect(page.get_by_role("button", name="Done")).to_be_disabled()

    cut_off(phone, off=False)
    expect(page.locator("#sent-note")).to_contain_text("Done.", timeout=40_000)
    expect(page.locator(".state")).to_contain_text("Done")
    expect(page.get_by_text("Typed in the cellar")).to_be_visible()
    expect(page.locator("#photos-photo img")).to_have_count(1)
    expect(page.locator("#draft-note")).to_be_hidden()
    assert page.evaluate(LEFT)["drafts"] == []
    forgive(phone)


def test_what_is_not_taken_later_is_told_and_still_there(window, keys):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    begun(page)
    kept_for_offline(page)
    cut_off(phone)
    page.locator("#id_odometer_km").fill("a lot")
    page.locator(".seg label", has_text=re.compile("^Done$")).click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#wait-note")).to_contain_text("waits for the network")

    cut_off(phone, off=False)
    expect(page.locator("#refused-note")).to_contain_text(re.compile(r"Done of .* was not taken: \w+"), timeout=40_000)
    expect(page.locator(".state")).to_contain_text("In progress")
    expect(page.locator("#id_odometer_km")).to_have_value("a lot")
    expect(page.locator("#draft-note")).to_contain_text("not sent yet")
    page.locator("#id_odometer_km").fill("")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".toast")).to_contain_text("Done.")
    expect(page.locator("#draft-note")).to_be_hidden()
    page.reload()
    expect(page.locator("#refused-note")).to_be_hidden()
    forgive(phone)


def test_an_order_that_went_into_other_hands_meanwhile_is_told_of(window, keys):
    phone, desk = window(PHONE, state=keys("technician")), window(state=keys("manager"))
    page = phone.page
    where = begun(page)
    kept_for_offline(page)
    cut_off(phone)
    page.get_by_role("button", name="Hold").click()
    page.get_by_role("button", name="Hold the order").click()
    expect(page.locator("#wait-note")).to_contain_text("Hold")
    desk.page.goto(f"/{where}")
    desk.page.get_by_label("Assigned to").select_option(label="Ana Sørlie")
    desk.page.get_by_role("button", name="Assign").click()
    expect(desk.page.locator(".toast")).to_contain_text("is with Ana Sørlie now")

    cut_off(phone, off=False)
    page.goto(f"/{where}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is in other hands now")
    phone.complaints[:] = [line for line in phone.complaints if "404" not in line]
    forgive(phone)


def test_what_somebody_changed_elsewhere_is_not_written_over(window, keys):
    phone, desk = window(PHONE, state=keys("technician")), window(state=keys("manager"))
    begun(phone.page)
    kept_for_offline(phone.page)
    cut_off(phone)
    phone.page.get_by_label("Notes").fill("From the phone")
    desk.page.goto(phone.page.url)
    desk.page.get_by_label("Notes").fill("From the desk")
    desk.page.get_by_role("button", name="Keep what is typed").last.click()
    expect(desk.page.locator(".toast")).to_contain_text("kept")

    cut_off(phone, off=False)
    phone.page.reload()
    expect(phone.page.get_by_label("Notes")).to_have_value("From the desk")
    expect(phone.page.locator("#draft-note")).to_contain_text("changed elsewhere since")
    phone.page.get_by_role("button", name="Throw it away").click()
    expect(phone.page.locator("#draft-note")).to_be_hidden()
    forgive(phone)


def test_a_network_that_only_seems_to_be_there_does_not_hold_up_the_sheet(window, keys):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    begun(page)
    kept_for_offline(page)
    held = []
    phone.context.route("**/orders/*/", lambda route: held.append(route))  # asked for by the worker, and never answered
    page.reload()
    expect(page.locator("#copy-note")).to_contain_text("The network does not answer.")
    assert held


def test_signing_out_asks_and_leaves_nothing(window):
    phone = window(PHONE)
    page = phone.sign_in("technician")
    where = begun(page)
    kept_for_offline(page)
    page.locator("#id_odometer_km").fill("4711")
    assert len(page.evaluate(LEFT)["drafts"]) == 1

    page.goto("/orders/")
    page.get_by_role("button", name="More").click()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("button:visible", has_text="Sign out").click()
    assert "not sent yet" in asked[0]
    assert len(page.evaluate(LEFT)["drafts"]) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("button:visible", has_text="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.wait_for_function("async () => (await caches.keys()).length === 0")
    assert page.evaluate(LEFT)["drafts"] == []

    cut_off(phone)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"/{where}")
    forgive(phone)


def test_whoever_comes_next_does_not_see_the_sheet_of_the_one_before(window):
    """The session ended by itself: the page that asks to sign in throws the copy away."""
    phone = window(PHONE)
    page = phone.sign_in("technician")
    where = begun(page)
    kept_for_offline(page)
    phone.context.clear_cookies()
    page.goto(f"/{where}")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.wait_for_function("async (path) => !(await caches.match(path))", arg=f"/{where}")
    cut_off(phone)
    page.goto(f"/{where}")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    forgive(phone)
