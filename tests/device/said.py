"""Manifests as a device makes them."""

import copy
import hashlib
import json
import uuid

from cases.device.reading import sha256_of


def person(said):
    return {
        "id": str(uuid.uuid4()), "given_name": "Noor", "family_name": "Haddad", "preferred_name": "",
        "birth_date": "2017-05-02", "sex": "F",
        "pupil_id": "", "street": "", "street_2": "", "city": "", "state": "", "zip_code": "", "phone": "", "language": "",
        "card_given_name": "", "card_family_name": "", "grade": "3", "room": "12", "guardian": None, **said,
    }  # fmt: skip


def file(content=b"jpeg", **said):
    return {
        "id": str(uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "name": "IMG_0001.JPG",
        "view": "frontal", "tooth": "", "mirrored": False, "device": "Intraoral camera", "captured_at": "2026-11-17T09:33:40-08:00",
        "source": "camera", **said,
    }  # fmt: skip


def manifest(**said):
    by = str(uuid.uuid4())
    content = {
        "version": 1, "case": str(uuid.uuid4()), "revision": 1, "event": None, "site": str(uuid.uuid4()), "kind": "screening",
        "opened": {"at": "2026-11-17T09:31:02-08:00", "by": by}, "patient": {"id": str(uuid.uuid4()), "new": None, "another": False},
        "day_seen": "2026-11-17", "patient_place": "site", "patient_state": "OR", "urgency": "early",
        "answers": {
            "complaint": ["cold"], "conditions": ["asthma"], "allergies": ["penicillin"], "medicines": ["inhaler"],
            "dental_history": ["none_known"], "red_flags": ["none"], "why": "no_dentist",
        },
        "marks": [{"tooth": "LLD", "condition": "decay", "surfaces": "O", "icdas": "5", "note": ""}],
        "services": [{"code": "D1206", "tooth": "", "quantity": 1, "ordered_by": "Standing protocol of the practice"}],
        "files": [], "finished": None, "made_at": "2026-11-17T09:39:01-08:00", **said,
    }  # fmt: skip
    return copy.deepcopy(content)


def envelope(content, *, device=None, **said):
    return {
        "device": str(device or uuid.uuid4()), "sha256": sha256_of(content), "sent_at": "2026-11-17T15:02:11-08:00",
        "clock_offset_ms": -1200, "manifest": content, **said,
    }  # fmt: skip


def as_bytes(content):
    return json.dumps(content).encode()
