"""How many faults are open, by how grave they are to their fleet: one question to the database."""

from collections import Counter

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast

from maintenance.domain import ruling
from maintenance.domain.ruling import Rule
from maintenance.models import FaultRule
from vehicles.models import Fault

COLUMNS = ("code", "kind_make", "kind_model", "n", "says", "begins")


def by_severity(faults: QuerySet[Fault], fleet_id: int) -> Counter:
    """critical, warning and ignore. The rules of the fleet come with the same question as the faults."""
    kinds = faults.order_by().values("code", kind_make=F("vehicle__make"), kind_model=F("vehicle__model"))
    kinds = kinds.annotate(n=Count("pk"), says=Cast(Value(""), CharField()), begins=Value(0, IntegerField()))
    laid = FaultRule.objects.filter(fleet_id=fleet_id).annotate(
        kind_make=F("make"),
        kind_model=F("model"),
        n=F("pk"),
        says=Cast(F("verdict"), CharField()),
        begins=Case(When(is_prefix=True, then=1), default=0, output_field=IntegerField()),
    )
    rows = list(kinds.values_list(*COLUMNS).union(laid.values_list(*COLUMNS), all=True))
    rules = [Rule(code, says, bool(begins), make, model, pk=n) for code, make, model, n, says, begins in rows if says]
    found: Counter = Counter()
    for code, make, model, n, says, _ in rows:
        if not says:
            found[str(ruling.read(rules, code, make, model).severity)] += n
    return found
