"""Writes models.json: what botocore's service models state about the input of the calls that tests see.

Run it with `python3 extract_models.py` where botocore is installed, as it is where moto is (`npm run test:deploy` needs that), then
`npm run format`.
"""

import json
import pathlib

import botocore
from botocore.loaders import Loader

CALLS = {
    "sqs": None,
    "sns": [
        "CreateTopic",
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "Publish",
        "PublishBatch",
        "SetSubscriptionAttributes",
        "Subscribe",
        "Unsubscribe",
    ],
    "s3": [
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CreateBucket",
        "CreateMultipartUpload",
        "DeleteObject",
        "GetObject",
        "HeadObject",
        "ListMultipartUploads",
        "ListObjectsV2",
        "PutObject",
        "UploadPart",
    ],
    "ecs": ["DescribeServices", "DescribeTasks", "ListTasks", "UpdateService"],
    "scheduler": ["CreateSchedule", "DeleteSchedule", "GetSchedule", "UpdateSchedule"],
}
"""The calls of each service; None: all of them."""

LIMITS = ("min", "max", "pattern", "enum")
PLACES = ("location", "locationName")


def shape_of(model, name, reference=()):
    """A shape with those below it in it, without its documentation; a member's own place in the request comes first."""
    shape = model["shapes"][name]
    found = {"type": shape["type"]}
    for key in LIMITS:
        if key in shape:
            found[key] = shape[key]
    for key in PLACES:
        if key in shape:
            found[key] = shape[key]
        if key in reference:
            found[key] = reference[key]
    if shape["type"] == "structure":
        if shape.get("required"):
            found["required"] = shape["required"]
        found["members"] = {member: shape_of(model, to["shape"], to) for member, to in shape["members"].items()}
    if shape["type"] == "list":
        found["member"] = shape_of(model, shape["member"]["shape"], shape["member"])
    if shape["type"] == "map":
        found["key"] = shape_of(model, shape["key"]["shape"], shape["key"])
        found["value"] = shape_of(model, shape["value"]["shape"], shape["value"])
    return found


def calls_of(model, names):
    operations = model["operations"]
    return {
        name: shape_of(model, operations[name]["input"]["shape"])
        for name in sorted(names or operations)
        if "input" in operations[name]
    }


loader = Loader()
services = {service: calls_of(loader.load_service_model(service, "service-2"), names) for service, names in CALLS.items()}
models = {"source": f"botocore {botocore.__version__} (Apache-2.0)", "services": services}
folder = pathlib.Path(__file__).parent
(folder / "models.json").write_text(json.dumps(models, indent=1) + "\n")
