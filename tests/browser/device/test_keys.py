"""Who can open the device: each person by herself, nobody by trying, the practice by its recovery key."""

import pytest

from tests.browser.device.lab import run

pytestmark = pytest.mark.browser


def test_what_was_sealed_opens_after_the_device_is_unlocked_again(bench):
    read = run(bench, """
      await keys.register(hana);
      const sealed = await seal(keys.key, "here", new Uint8Array([1, 2, 3]));
      const later = again();
      await later.unlock("hana", "482915");
      return [[...await open(later.key, "here", sealed)], later.key.extractable, await later.people(), later.person];
    """)  # fmt: skip
    assert read == [[1, 2, 3], False, [{"person": "hana", "name": "Hana"}], "hana"]


def test_an_unlocked_key_cannot_be_taken_out(bench):
    refused = run(bench, """
      await keys.register(hana);
      return said(crypto.subtle.exportKey("raw", keys.key));
    """)  # fmt: skip
    assert refused.startswith("DOMException")


@pytest.mark.parametrize("weak", ["1234", "111111", "123456", "987654", "too short"])
def test_a_weak_secret_is_refused(bench, weak):
    answer = run(bench, f'return [await said(keys.register({{ ...hana, secret: "{weak}" }})), await keys.people()];')
    assert answer[0].startswith("Refused: ")
    assert answer[1] == []


def test_nobody_registers_over_somebody(bench):
    answer = run(bench, 'await keys.register(hana); return said(keys.register({ ...hana, person: "eve" }));')
    assert answer == "Refused: This device is registered already. Unlock it first."


def test_a_changed_secret_replaces_the_old_one(bench):
    answers = run(bench, """
      await keys.register(hana);
      await keys.change("hana", "482915", "a long walk home");
      return [await said(again().unlock("hana", "482915")), await said(again().unlock("hana", "a long walk home"))];
    """)  # fmt: skip
    assert answers == ["Wrong: That is not right. 9 tries left on this device.", "done"]


def test_a_second_person_is_let_in_by_the_first_and_unlocks_as_herself(bench):
    answers = run(bench, """
      await keys.register(hana);
      const mia = { person: "mia", name: "Mia", secret: "730264" };
      const wrong = await said(keys.admit({ person: "hana", secret: "000000" }, mia));
      await keys.admit({ person: "hana", secret: "482915" }, mia);
      const sealed = await seal(keys.key, "here", new Uint8Array([7]));
      const later = again();
      await later.unlock("mia", "730264");
      return [wrong, later.person, [...await open(later.key, "here", sealed)], await said(again().unlock("mia", "482915"))];
    """)  # fmt: skip
    assert answers[0].startswith("Wrong: ")
    assert answers[1:3] == ["mia", [7]]
    assert answers[3].startswith("Wrong: ")


def test_ten_wrong_tries_shut_everybody_out_for_good_reload_or_not(bench):
    """The count is on the disk before a secret is tried; the right one does not help any more."""
    first = run(bench, """
      await keys.register(hana);
      await keys.admit({ person: "hana", secret: "482915" }, { person: "mia", name: "Mia", secret: "730264" });
      const all = [];
      for (let n = 0; n < 5; n += 1) all.push(await said(again().unlock("hana", "000000")));
      return all;
    """)  # fmt: skip
    bench.reload()
    then = run(bench, """
      const all = [];
      for (let n = 0; n < 5; n += 1) all.push(await said(again().unlock("mia", "000000")));
      return [...all, await said(again().unlock("hana", "482915"))];
    """)  # fmt: skip
    assert [one[:6] for one in (*first, *then[:4])] == ["Wrong:"] * 9
    assert "1 try left" in then[3]
    assert all(one.startswith("ShutOut: ") and "recovery key" in one for one in then[4:])


def test_her_own_success_clears_her_own_count_alone(bench):
    answers = run(bench, """
      await keys.register(hana);
      await keys.admit({ person: "hana", secret: "482915" }, { person: "mia", name: "Mia", secret: "730264" });
      await said(again().unlock("hana", "000000"));
      await said(again().unlock("mia", "000000"));
      await again().unlock("mia", "730264");
      return said(again().unlock("mia", "000000"));
    """)  # fmt: skip
    assert "8 tries left" in answers


RECOVERY = """
      const pair = await crypto.subtle.generateKey(
        { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
        true, ["wrapKey", "unwrapKey"]);
      const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
      const fileOf = async ({ privateKey }) => {
        const bytes = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
        return `-----BEGIN PRIVATE KEY-----\\n${btoa(String.fromCharCode(...bytes))}\\n-----END PRIVATE KEY-----\\n`;
      };
      const recovery = { id: "r-1", spki };
"""


def test_the_practice_opens_a_device_that_is_shut_out(bench):
    answers = run(bench, RECOVERY + """
      await keys.register({ ...hana, recovery });
      const sealed = await seal(keys.key, "here", new Uint8Array([9]));
      for (let n = 0; n < 10; n += 1) await said(again().unlock("hana", "000000"));
      const shut = [await said(again().unlock("hana", "482915")), await keys.isShutOut()];
      const later = again();
      await later.recover(await fileOf(pair), "hana", "570318");
      return [shut[0].slice(0, 7), shut[1], [...await open(later.key, "here", sealed)], later.key.extractable,
              await said(again().unlock("hana", "570318")), await keys.isShutOut()];
    """)  # fmt: skip
    assert answers == ["ShutOut", True, [9], False, "done", False]


def test_with_the_file_everybody_gets_new_tries_and_keeps_her_secret(bench):
    answers = run(bench, RECOVERY + """
      await keys.register({ ...hana, recovery });
      for (let n = 0; n < 10; n += 1) await said(again().unlock("hana", "000000"));
      await again().openTries(await fileOf(pair));
      return said(again().unlock("hana", "482915"));
    """)  # fmt: skip
    assert answers == "done"


def test_a_recovery_key_made_later_is_taken_at_the_next_unlocking(bench):
    answers = run(bench, RECOVERY + """
      await keys.register(hana);
      const before = await keys.recoveryId();
      const told = new Keys(store, { recovery: async () => recovery });
      await told.unlock("hana", "482915");
      const other = again();
      await other.openTries(await fileOf(pair));
      return [before, await keys.recoveryId(), told.key.extractable];
    """)  # fmt: skip
    assert answers == [None, "r-1", False]


def test_another_practice_s_key_recovers_nothing(bench):
    answers = run(bench, RECOVERY + """
      await keys.register(hana);
      const mine = await said(again().recover(await fileOf(pair), "hana", "570318"));
      await new Keys(store, { recovery: async () => recovery }).unlock("hana", "482915");
      const other = await crypto.subtle.generateKey(pair.privateKey.algorithm, true, ["wrapKey", "unwrapKey"]);
      return [mine, await said(again().recover(await fileOf(other), "hana", "570318")),
              await said(again().openTries("-----BEGIN PRIVATE KEY-----\\n%%\\n-----END PRIVATE KEY-----")),
              await said(again().unlock("hana", "482915"))];
    """)  # fmt: skip
    assert "has taken no recovery key" in answers[0]
    assert ["not the file of the recovery key" in one for one in answers[1:]] == [True, True, False]
    assert answers[3] == "done"


def test_the_key_is_dropped_when_nobody_touches_the_device(bench):
    answers = run(bench, """
      let locked = 0;
      const short = new Keys(store, { idle: 400, onLock: () => { locked += 1; } });
      await short.register(hana);
      await new Promise((resolve) => setTimeout(resolve, 250));
      short.touch();
      await new Promise((resolve) => setTimeout(resolve, 250));
      const still = short.isUnlocked;
      await new Promise((resolve) => setTimeout(resolve, 450));
      try { short.key; } catch (error) { return [still, error.constructor.name, locked, short.person]; }
    """)  # fmt: skip
    assert answers == [True, "Locked", 1, ""]
