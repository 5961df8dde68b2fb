"""Pages on which a city writes its plan."""

from django.urls import path

from ..views import attachments, grid, marks, proposals, records, rows, section_history, sections, tables, team

urlpatterns = [
    path("plans/<str:ref>/basics/", records.basics, name="plan_basics"),
    path("plans/<str:ref>/import/", attachments.import_draft, name="plan_import"),
    path("plans/<str:ref>/sections/<str:key>/", sections.section, name="plan_section"),
    path("plans/<str:ref>/sections/<str:key>/save/", sections.section_save, name="plan_section_save"),
    path("plans/<str:ref>/sections/<str:key>/findings/", sections.section_findings, name="plan_section_findings"),
    path("plans/<str:ref>/sections/<str:key>/history/", section_history.history, name="plan_section_history"),
    path("plans/<str:ref>/sections/<str:key>/propose/<str:paragraph>/", proposals.propose, name="plan_wording_propose"),
    path("plans/<str:ref>/sections/<str:key>/proposals/<int:pk>/", proposals.decide, name="plan_wording"),
    path("plans/<str:ref>/tables/<str:table>/", rows.table, name="plan_rows"),
    path("plans/<str:ref>/tables/<str:table>/cells/", grid.cells, name="plan_cells"),
    path("plans/<str:ref>/tables/<str:table>/add/", rows.add, name="plan_row_add"),
    path("plans/<str:ref>/tables/<str:table>/<int:pk>/", rows.edit, name="plan_row"),
    path("plans/<str:ref>/tables/<str:table>/<int:pk>/delete/", rows.delete, name="plan_row_delete"),
    path("plans/<str:ref>/tables/<str:table>/<int:pk>/move/", tables.move, name="plan_row_move"),
    path("plans/<str:ref>/tables/<str:table>/paste/", tables.paste, name="plan_rows_paste"),
    path("plans/<str:ref>/tables/<str:table>/undo/", tables.undo, name="plan_rows_undo"),
    path("plans/<str:ref>/tables/<str:table>/sheet/", tables.sheet, name="plan_rows_sheet"),
    path("plans/<str:ref>/records/<str:key>/", records.record, name="plan_record"),
    path("plans/<str:ref>/parts/<str:key>/done/", marks.part_done, name="plan_part_done"),
    path("plans/<str:ref>/parts/<str:key>/return/", team.give_back, name="plan_part_return"),
    path("plans/<str:ref>/team/", team.team, name="plan_team"),
    path("plans/<str:ref>/team/departments/<int:pk>/", team.department, name="plan_department"),
    path("plans/<str:ref>/team/<str:key>/", team.division, name="plan_division"),
    path("plans/<str:ref>/attachments/", attachments.attachment_list, name="plan_attachments"),
    path("plans/<str:ref>/attachments/<int:pk>/delete/", attachments.remove, name="plan_attachment_delete"),
]
