"""Sentences to begin with: a practice takes them over and makes them its own. Pure; a test holds each against `cases.promises`."""

STARTING: tuple[tuple[str, str], ...] = (
    ("evaluation", "All pictures were read at full size."),
    ("evaluation", "Photographs and radiographs were read together."),
    ("conclusions", "Dark area in keeping with decay into dentine."),
    ("conclusions", "Stained grooves; a photograph cannot tell stain from early decay."),
    ("conclusions", "Nothing that needs treatment was seen in these pictures."),
    ("advice", "Brush twice a day with a fluoride paste, an adult helping at night."),
    ("advice", "See a dentist within six weeks. Until then, avoid sticky sweets."),
    ("advice", "Fever, swelling or trouble swallowing: emergency department."),
    ("follow_up", "The school nurse calls the family and helps to find an appointment."),
    ("follow_up", "Looked at again at the next school visit, with the same views."),
    ("what", "Examination and filling in person"),
    ("what", "Sealant"),
    ("what", "Silver fluoride"),
    ("what", "Look again at the next school visit"),
    ("rationale", "Decay seems to reach dentine; a filling now may spare the nerve"),
    ("rationale", "Deep grooves that hold food"),
    ("rationale", "Colour alone does not separate stain from early decay"),
)
