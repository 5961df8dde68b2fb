from django.urls import path

from ..views import formal_opinions, maturity, member_views, opinions, response_sheets, responses

urlpatterns = [
    path("plans/<str:ref>/rounds/<int:number>/opinion/", opinions.opinion, name="plan_opinion"),
    path("plans/<str:ref>/rounds/<int:number>/opinion/items/", opinions.item, name="plan_opinion_item"),
    path("plans/<str:ref>/rounds/<int:number>/opinion/sign/", opinions.sign, name="plan_opinion_sign"),
    path("plans/<str:ref>/notes/<int:note>/decline/", opinions.decline, name="plan_note_decline"),
    path("plans/<str:ref>/rounds/<int:number>/responses/", responses.table, name="plan_responses"),
    path("plans/<str:ref>/rounds/<int:number>/responses/docx/", responses.document, name="plan_responses_docx"),
    path("plans/<str:ref>/responses/sheet/", response_sheets.sheet, name="plan_responses_sheet"),
    path("plans/<str:ref>/responses/import/", response_sheets.take_over, name="plan_responses_import"),
    path("plans/<str:ref>/responses/<int:item>/", responses.answer, name="plan_response"),
    path("plans/<str:ref>/verdicts/<int:item>/", responses.verdict, name="plan_verdict"),
    path("plans/<str:ref>/maturity/", maturity.sheet, name="plan_maturity"),
    path("plans/<str:ref>/formal-opinion/", formal_opinions.formal_opinion, name="plan_formal_opinion"),
    path("plans/<str:ref>/formal-opinion/pdf/", formal_opinions.opinion_print, name="plan_formal_print"),
    path("plans/<str:ref>/formal-opinion/view/", member_views.member_view, name="plan_member_view"),
    path("plans/<str:ref>/formal-opinion/sign/", formal_opinions.sign, name="plan_formal_sign"),
]
