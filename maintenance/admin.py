from django.contrib import admin

from maintenance.models import Alert, DueItem, Notice, Program, ProgramLine, ServiceRecord, Task
from vehicles.admin import ReadOnly


class LineInline(admin.TabularInline):
    model = ProgramLine
    extra = 0


@admin.register(Program)
class ProgramAdmin(admin.ModelAdmin):
    list_display = ("name", "version", "fleet")
    list_filter = ("fleet",)
    inlines = [LineInline]


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    list_display = ("name", "fleet")
    list_filter = ("fleet",)
    search_fields = ("name",)


@admin.register(DueItem)
class DueItemAdmin(ReadOnly):
    list_display = ("vehicle", "task", "status", "winner", "due_km", "due_on")
    list_filter = ("status", "fleet")
    list_select_related = ("vehicle", "task")


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ReadOnly):
    list_display = ("vehicle", "task", "done_on", "odometer_km", "by_name", "voided_at")
    list_filter = ("fleet",)
    list_select_related = ("vehicle", "task")


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ("vehicle", "kind", "subject", "level", "opened_at", "closed_at")
    list_filter = ("kind", "level", "fleet")
    list_select_related = ("vehicle",)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("user", "form", "subject", "state", "attempts", "error", "created_at", "sent_at")
    list_filter = ("state", "form", "fleet")
    list_select_related = ("user",)
