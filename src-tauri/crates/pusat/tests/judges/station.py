"""A station of another's making, written after docs/protocols/sync.md with nothing but Python's own library and openssl.

`station.py join '<json>'` activates itself by a code and asks for an operator's certificate; `station.py send '<json>'` sends
one packet over a line that breaks, verifies the receipt, and waits for the status. Either prints one line of JSON.
"""
import base64
import hashlib
import http.client
import json
import ssl
import subprocess
import sys
import time
import uuid

doing, ask = sys.argv[1], json.loads(sys.argv[2])
folder, code, port = ask["folder"], ask["station"], ask["port"]
PARTS = ["id", "bio", "dok"]
TUS = {"Tus-Resumable": "1.0.0"}
JSON = {"Content-Type": "application/json"}


def path(name):
    return f"{folder}/{name}"


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder).stdout


def line(trusting=True, known=True):
    """§1: HTTP/1.1 over TLS, no other root than the centre's own authority, the station's certificate shown."""
    if not trusting:
        context = ssl._create_unverified_context()
    else:
        context = ssl.create_default_context(cafile=path("ca.pem"))
        if known:
            context.load_cert_chain(path("station.crt.pem"), path("station.key.pem"))
    return http.client.HTTPSConnection("localhost", port, context=context, timeout=60)


def call(method, at, expected, body=None, headers=None, wire=None):
    """A success is the status named in the specification; anything else ends the program."""
    wire = wire or line()
    wire.request(method, at, body=body, headers=headers or {})
    answer = wire.getresponse()
    content = answer.read()
    if answer.status not in expected:
        raise SystemExit(f"{method} {at}: {answer.status} {content[:200]}")
    return answer, content


def request(name):
    """A P-256 key and a PKCS#10 request."""
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key.pem")
    return openssl("req", "-new", "-key", f"{name}.key.pem", "-subj", f"/CN={name}").decode()


def join():
    # §2: 32 letters of Crockford's base 32: 80 bits of secret, 80 bits of the authority's digest.
    letters = ask["code"].replace("-", "").upper()
    number = 0
    for letter in letters:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    whole = number.to_bytes(20, "big")
    secret, pin = whole[:10], whole[10:]
    _, authority = call("GET", "/v1/authority", [200], wire=line(trusting=False))
    der = ssl.PEM_cert_to_DER_cert(authority.decode())
    assert hashlib.sha256(der).digest()[:10] == pin, "another authority than that of the code"
    open(path("ca.pem"), "wb").write(authority)
    body = {"secret": secret.hex(), "csr": request("station"), "register": {"row": 0}}
    at = f"/v1/stations/{code}/activation"
    _, given = call("POST", at, [201], json.dumps(body), JSON, line(known=False))
    given = json.loads(given)
    open(path("station.crt.pem"), "w").write(given["certificate"])
    at = f"/v1/stations/{code}/operators/{ask['operator']}/certificate"
    _, operator = call("POST", at, [201], json.dumps({"csr": request("operator")}), JSON)
    open(path("operator.crt.pem"), "w").write(json.loads(operator)["certificate"])
    print(json.dumps(given))


def arrived(part):
    """§5: where an enrolment stands."""
    _, state = call("GET", f"/v1/enrollments/{ask['enrolment']}", [200])
    return json.loads(state)["parts"][part]["offset"]


def upload(part, content):
    """§4: create, send, lose the line in the middle, ask how far it came, go on."""
    words = {"part": part, "sha256": hashlib.sha256(content).hexdigest()}
    pairs = [f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items()]
    headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": ",".join(pairs)}
    answer, _ = call("POST", f"/v1/enrollments/{ask['enrolment']}/buffer", [201], headers=headers)
    location, at = answer.getheader("Location"), int(answer.getheader("Upload-Offset"))
    octets = TUS | {"Content-Type": "application/offset+octet-stream"}
    if part == "bio":
        broken = line()
        broken.putrequest("PATCH", location)
        for name, value in (octets | {"Upload-Offset": str(at), "Content-Length": str(len(content))}).items():
            broken.putheader(name, value)
        broken.endheaders()
        broken.send(content[: len(content) // 2])
        while arrived(part) == at:
            time.sleep(0.05)
        broken.close()
    answer, _ = call("HEAD", location, [200], headers=TUS)
    at = resumed = int(answer.getheader("Upload-Offset"))
    while at < len(content):
        headers = octets | {"Upload-Offset": str(at)}
        answer, _ = call("PATCH", location, [204], content[at : at + 65536], headers)
        at = int(answer.getheader("Upload-Offset"))
    return resumed


def send():
    contents = {part: open(path(f"{part}.cms"), "rb").read() for part in PARTS}
    # §3: announced before it is sent.
    waiting = [{"sequence": ask["sequence"], "enrolment": ask["enrolment"]}]
    body = {"format": "rekam-inventory/1", "highest": ask["sequence"], "acknowledged": [], "waiting": waiting}
    call("POST", f"/v1/stations/{code}/inventory", [200], json.dumps(body), JSON)
    resumed = {part: upload(part, contents[part]) for part in PARTS}
    # §5: finalisation, twice, as after a lost answer; receipt.
    parts = {
        part: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for part, content in contents.items()
    }
    lines = [f"rekam-finalise/1 {ask['enrolment']} {code} {ask['sequence']}"]
    lines += [f"{part} {parts[part]['sha256']} {parts[part]['bytes']}" for part in PARTS]
    integrity = hashlib.sha256("".join(f"{text}\n" for text in lines).encode()).hexdigest()
    body = {
        "format": "rekam-finalise/1",
        "enrolment": ask["enrolment"],
        "station": code,
        "sequence": ask["sequence"],
        "created": ask["created"],
        "training": True,
        "urgent": False,
        "parts": parts,
        "integrity": integrity,
    }
    for _ in range(2):
        at = f"/v1/enrollments/{ask['enrolment']}?finalize=true&transactionId={uuid.uuid4()}"
        answer, _ = call("POST", at, [204], json.dumps(body), JSON)
    _, receipt = call("GET", answer.getheader("Content-Location"), [200])
    open(path("resi.cms"), "wb").write(receipt)
    words = "cms -verify -inform DER -in resi.cms -CAfile ca.pem -purpose any -binary".split(" ")
    receipt = json.loads(openssl(*words))
    held = (receipt["enrolment"], receipt["station"], receipt["sequence"], receipt["parts"])
    assert held == (ask["enrolment"], code, ask["sequence"], parts), "a receipt for something else"
    # §6: the feed, until the centre has decided.
    cursor, statuses = "0", []
    while not statuses or statuses[-1] in ("RECEIVED_AT_CENTRAL", "REQUEST_VALIDATION"):
        answer, feed = call("GET", f"/v1/stations/{code}/changes?after={cursor}&wait=20", [200, 204])
        if answer.status == 204:
            continue
        changes = [json.loads(text) for text in feed.decode().splitlines()]
        assert changes[-1]["k"] == "end", "a body that was cut"
        cursor = changes[-1]["cursor"]
        for change in changes:
            if change["k"] == "status" and any(a <= ask["sequence"] <= b for a, b in change["q"]):
                statuses.append(change["s"])
    print(json.dumps({"resumed": resumed, "received_at": receipt["received_at"], "status": statuses[-1]}))


{"join": join, "send": send}[doing]()
