"""All errors of the assistant package. Each message is one sentence for a person: what was wrong, what to do.

AssistantError
├── MessageError      a message that cannot be taken (empty, too long, not text)
├── PlanError         the rewriter gave no valid plan
├── UnknownVersion    a version that the conversation does not have
├── UnknownTurn       a turn or conversation that the store does not have
├── ModelError        the language model failed or its weights are missing, damaged or of another version
├── StoreError        the data folder or database cannot be used
├── BlobError         a picture or latent file is missing, damaged or cannot be written
├── ExportError       files that are no exported conversation
├── UnknownKey        an API key that the store does not have
├── UnknownUser       somebody who cannot sign in
├── UnknownFile       a file that this person has not sent
├── KeyReused         an idempotency key that came before with another request
├── UploadError       a picture of a person's own that cannot be taken
│   └── RefusedUpload one that the policy refuses
├── RefusedResult     what was painted and the policy refuses
├── PolicyError       words, pictures or labels to refuse that cannot be read
└── CredentialError   a certificate that cannot be used to sign pictures
"""


class AssistantError(Exception):
    """Anything that the assistant package reports; its message is one sentence for a person."""


class MessageError(AssistantError):
    """A message that cannot be taken."""


class PlanError(AssistantError):
    """The rewriter gave no valid plan."""


class UnknownVersion(AssistantError):
    """A version that the conversation does not have."""


class UnknownTurn(AssistantError):
    """A turn or conversation that the store does not have."""


class ModelError(AssistantError):
    """The language model failed, or its weights are missing, damaged or of another version."""


class StoreError(AssistantError):
    """The data folder or database cannot be used."""


class UnknownKey(AssistantError):
    """An API key that the store does not have."""


class UnknownUser(AssistantError):
    """Somebody who cannot sign in."""


class UnknownFile(AssistantError):
    """A file that this person has not sent."""


class KeyReused(AssistantError):
    """An idempotency key that came before with another request."""


class UploadError(AssistantError):
    """A picture of a person's own that cannot be taken."""


class RefusedUpload(UploadError):
    """A picture of a person's own that the policy refuses."""


class RefusedResult(AssistantError):
    """What was painted, and the policy refuses."""


class PolicyError(AssistantError):
    """Words, pictures or labels to refuse that cannot be read."""


class CredentialError(AssistantError):
    """A certificate that cannot be used to sign pictures."""


class BlobError(AssistantError):
    """A picture or latent file is missing, damaged or cannot be written."""


class ExportError(AssistantError):
    """Files that are no exported conversation, or one that cannot be read."""
