from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers the jobs and guards, and lets claims follow what happens to cases in the same transaction."""

    name = "billing"

    def ready(self) -> None:
        from billing import following, guards, jobs, merging  # noqa: F401
        from billing.actions.hearing import hear_insurance
        from billing.asking import letters_to_sign
        from billing.enrolling import warn_of_enrolment
        from billing.verifying import appeal_misfits
        from cases.cautions import caution_through
        from cases.dentists_tasks import ask_through
        from cases.guards import register_guards
        from cases.insurance_told import hear_of_insurance
        from cases.verifying import verify_through

        register_guards(*guards.GUARDS)
        following.follow_cases()
        merging.follow()
        caution_through(warn_of_enrolment)
        ask_through(letters_to_sign)
        hear_of_insurance(hear_insurance)
        verify_through(appeal_misfits)
