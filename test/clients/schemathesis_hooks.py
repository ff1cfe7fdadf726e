"""What an answer must hold to. Schemathesis's own check takes every `errors` for a fault of the server's; ours say what was wrong with a request."""

import schemathesis

CODES = {
    "BAD_INPUT",
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "FORBIDDEN",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "NOT_FOUND",
    "NOT_YET_APPLIED",
}


@schemathesis.check
def no_fault_of_ours(ctx, response, case):
    assert response.status_code in (200, 400), f"status {response.status_code}"
    for error in response.json().get("errors", []):
        code = error.get("extensions", {}).get("code")
        assert code in CODES, f"{code}: {error['message']}"
