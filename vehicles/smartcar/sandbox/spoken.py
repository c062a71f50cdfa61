"""What a command says."""

from werkzeug.wrappers import Request

from vehicles.smartcar.sandbox import answers

# Fields of a form that may stand in it several times.
MANY = ("tasks", "signals", "down")


def spoken(request: Request) -> dict:
    """From JSON, or from a form of the control page."""
    if not request.is_json:
        said = request.form.to_dict()
        return said | {name: request.form.getlist(name) for name in MANY if name in request.form}
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        raise answers.invalid("the body must be a JSON object")
    return said
