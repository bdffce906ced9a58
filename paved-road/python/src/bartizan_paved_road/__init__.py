"""Sign-in, sessions, API protection and web hardening that can't be misconfigured into insecurity."""

from .access_token import Access
from .api import Api
from .audit import AuditEvent, AuditSink, json_lines, to_ocsf
from .auth import Auth, Paths, SignedIn, SignInProvider
from .client_auth import ClientKey, ClientSecret, PublicClient
from .danger import Dangerous, dangerous
from .passwords import Passwords
from .refusal import Refused
from .safe_http.client import SafeAnswer, SafeHttp
from .safe_input.file_name import check_file_name, check_relative_path, open_below
from .safe_input.local_path import LocalPath
from .safe_input.upload import UploadPolicy
from .sealing import KeyRing
from .secret import Secret
from .session_life import SessionLimits
from .sessions import Sessions
from .store import MemoryStore, PostgresStore, RedisStore, SqliteStore, Store
from .web import WebRequest, WebResponse
from .web_guard.guard import Guard
from .web_guard.headers import security_headers
from .web_guard.rate_limit import RateLimit

__all__ = [
    "Access",
    "Api",
    "AuditEvent",
    "AuditSink",
    "Auth",
    "ClientKey",
    "ClientSecret",
    "Dangerous",
    "Guard",
    "KeyRing",
    "LocalPath",
    "MemoryStore",
    "Passwords",
    "Paths",
    "PostgresStore",
    "PublicClient",
    "RateLimit",
    "RedisStore",
    "Refused",
    "SafeAnswer",
    "SafeHttp",
    "Secret",
    "SessionLimits",
    "Sessions",
    "SignInProvider",
    "SignedIn",
    "SqliteStore",
    "Store",
    "UploadPolicy",
    "WebRequest",
    "WebResponse",
    "check_file_name",
    "check_relative_path",
    "dangerous",
    "json_lines",
    "open_below",
    "security_headers",
    "to_ocsf",
]
