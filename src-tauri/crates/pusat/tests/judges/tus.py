"""The PyPI package tuspy against the centre: `tus.py '<json>'` uploads one file under a station's certificate."""
import hashlib
import json
import sys

from tusclient import client
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.uploader import Uploader

ask = json.loads(sys.argv[1])
folder = ask["folder"]
wire = client.TusClient(ask["endpoint"], client_cert=(f"{folder}/station.crt.pem", f"{folder}/station.key.pem"))
if ask["checksum"]:
    # A digest of something else under the right name; read when the uploader is made.
    Uploader.CHECKSUM_ALGORITHM_PAIR = ("sha1", lambda chunk: hashlib.sha1(chunk + b"!"))
uploader = wire.uploader(
    f"{folder}/{ask['file']}",
    chunk_size=ask["chunk"],
    metadata={"part": ask["part"], "sha256": ask["sha256"]},
    retries=0 if ask["checksum"] else 5,
    retry_delay=1,
    upload_checksum=True,
)
heads = []
asked = uploader.get_offset


def get_offset():
    heads.append(asked())
    return heads[-1]


uploader.get_offset = get_offset
try:
    uploader.upload()
    print(json.dumps({"location": uploader.url, "heads": heads}))
except (TusUploadFailed, TusCommunicationError) as error:
    print(json.dumps({"refused": error.status_code or 0, "heads": heads, "said": str(error)}))
