"""A file of order lines arrives from the page: streamed as the interface does, not through the socket."""

from urllib.parse import unquote

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from servicepolicy_api.memory import Memory
from servicepolicy_api.page import addresses
from servicepolicy_api.page.reader import reader_of
from servicepolicy_api.problems import Problem, problem_of
from servicepolicy_api.receiving import ending_of, received
from servicepolicy_api.uploading import ENDING_OF
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_store import datasets
from servicepolicy_store.blobs import Kept
from servicepolicy_store.datasets import Dataset, Uploaded

router = APIRouter(include_in_schema=False)
LONGEST_TITLE = 120


@router.post("/uploads")
async def upload(request: Request) -> Response:
    """Keep a file as a data set, and say where its columns are told; or why it could not be kept."""
    memory: Memory = request.app.state.memory
    title = unquote(request.headers.get("x-file-name", ""))[-LONGEST_TITLE:]
    words = reader_of(request).words.new_scenario
    try:
        ending = ending_of(_media_type(title))
        kept, uploaded = await received(request, memory, request.app.state.settings, ending, title)
        made = await anyio.to_thread.run_sync(_written, memory, kept, uploaded)
    except (Problem, ServicePolicyError) as refused:
        problem = refused if isinstance(refused, Problem) else problem_of(refused)
        told = [words.unknown_ending] if problem.status == 415 else [problem.detail]
        told += [f"{one.what} {one.mend}" for one in problem.findings]
        return JSONResponse({"told": " ".join(told)}, problem.status)
    return JSONResponse({"address": addresses.new_scenario(made.id)}, 201)


def _media_type(title: str) -> str:
    """By the ending of the file's name: browsers do not know what Parquet is."""
    ending = title.rpartition(".")[2].lower()
    known = {ending: media_type for media_type, ending in ENDING_OF.items()}
    return known.get({"xlsm": "xlsx", "pq": "parquet", "txt": "csv", "tsv": "csv"}.get(ending, ending), "")


def _written(memory: Memory, kept: Kept, uploaded: Uploaded) -> Dataset:
    with memory.database.writing() as tx:
        return datasets.keep(tx, kept, uploaded)
