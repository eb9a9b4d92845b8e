"""What a run of schemathesis leaves out, and what it looks at besides its own checks."""

import os

import schemathesis

OWN_USER = os.environ["API_CHECK_USER"]
OWN_SESSION = os.environ["API_CHECK_SESSION"]


@schemathesis.hook
def filter_case(context, case):
    """A new password or role of the signed-in account, or the end of its session, and all that follows is
    401 or 403. Deleting or deactivating oneself is refused by the server, and stays in."""
    own = str((case.path_parameters or {}).get("id", ""))
    name = case.operation.definition.raw.get("operationId")
    return not (name == "update_user" and own == OWN_USER or name == "end_session" and own == OWN_SESSION)


# Codes of a 422 that a schema can foretell: types, unknown names, lists of words, lengths, characters. The
# others depend on data: an id that does not exist, a period, a place without its other half.
FORETOLD = {
    "booleen_attendu", "caractere_interdit", "champ_inconnu", "choix_inconnu", "email_invalide", "entier_attendu",
    "heure_invalide", "liste_attendue", "montant_attendu", "nombre_attendu", "objet_attendu", "parametre_inconnu",
    "texte_attendu", "trop_long",
}


@schemathesis.check
def documented_input_is_read(ctx, response, case):
    """positive_data_acceptance allows 422 (schemathesis.toml): only for what no schema can say."""
    mode = case.meta and case.meta.generation.mode
    if mode is None or not mode.is_positive or response.status_code != 422:
        return
    faults = response.json().get("errors", [])
    told = [fault for fault in faults if fault["code"] in FORETOLD]
    assert not told, f"the document allows what the server refuses: {told}"
