from django.urls import URLPattern, path

from cases.views.reading import asking, page, queue, sign, writing

urlpatterns: list[URLPattern] = [
    path("", queue.queue, name="reading-queue"),
    path("next/", queue.start_next, name="reading-next"),
    path("<uuid:public_id>/", page.reading_case, name="reading-case"),
    path("<uuid:public_id>/start/", page.start, name="reading-start"),
    path("<uuid:public_id>/release/", page.release, name="reading-release"),
    path("<uuid:public_id>/save/", writing.save, name="reading-save"),
    path("<uuid:public_id>/beat/", writing.beat, name="reading-beat"),
    path("<uuid:public_id>/diagnoses/", writing.add_diagnosis, name="reading-diagnosis"),
    path("<uuid:public_id>/diagnoses/<int:row>/remove/", writing.remove_diagnosis, name="reading-diagnosis-remove"),
    path("<uuid:public_id>/plan/", writing.add_plan_line, name="reading-plan"),
    path("<uuid:public_id>/plan/<int:row>/remove/", writing.remove_plan_line, name="reading-plan-remove"),
    path("<uuid:public_id>/orders/", writing.add_orders, name="reading-order"),
    path("<uuid:public_id>/orders/<int:row>/remove/", writing.remove_order, name="reading-order-remove"),
    path("<uuid:public_id>/findings/", writing.mark, name="reading-finding"),
    path("<uuid:public_id>/findings/<int:row>/remove/", writing.unmark, name="reading-finding-remove"),
    path("<uuid:public_id>/views/<uuid:image>/", writing.judge_view, name="reading-view"),
    path("<uuid:public_id>/ask/", asking.ask, name="reading-ask"),
    path("<uuid:public_id>/sign/", sign.sign, name="reading-sign"),
]
