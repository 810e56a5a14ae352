"""Reason codes that decide something, by what they decide. Bare numbers: the lists and their texts belong to X12.

CARC says why an amount was not paid, RARC sharpens it. Only codes with a public, stable meaning stand here; any other is
"other" and goes to a person. The groups beside them say who bears the amount: CO the practice, PR the patient, OA and PI
neither until somebody says so.
"""

PATIENT = "PR"

# No denial: the way in which an allowed amount is split or lessened by contract. 1 to 3 deductible and shares, 23 what an
# earlier payer did, 24 capitation, 45 and 131 contract, 94 paid above charge, 144 incentive, 253 sequestration.
SPLITS = frozenset({"1", "2", "3", "23", "24", "45", "94", "131", "144", "253"})
ELSEWHERE = frozenset({"23", "24"})  # of these, what an earlier payer or a capitation bears
CONTRACT = frozenset({"45", "131"})  # of these, what the practice agreed to write off
INCLUDED = frozenset({"97", "234", "246"})  # part of another service, or reported for information only

ADDON_ALONE_REMARKS = frozenset({"N122"})
ADDON_ALONE = frozenset({"B15", "107"})  # another service that must stand beside it does not
UNPROCESSABLE_REMARKS = frozenset({"MA130"})  # never judged: send a new claim, an appeal is not heard
DIAGNOSIS_REMARKS = frozenset({"M76", "M64"})

DUPLICATE = frozenset({"18"})
FILING_LIMIT = frozenset({"29"})
ELIGIBILITY = frozenset({"22", "26", "27", "31", "109"})
AUTHORISATION = frozenset({"15", "197", "198"})
DOCUMENTS = frozenset({"16", "163", "164", "226", "227", "250", "251", "252"})
FREQUENCY = frozenset({"119", "151", "222", "273"})
DIAGNOSIS = frozenset({"11", "146", "167"})
PLACE = frozenset({"5", "58"})
NOT_COVERED = frozenset({"96", "204", "254", "256", "272", *PLACE})
