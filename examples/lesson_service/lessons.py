"""A small service that records lessons and puts users out of them, on FastAPI and agora-rest.

    uvicorn lessons:app

Credentials come from AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE, the App ID from LESSONS_APP_ID, the bucket from
LESSONS_BUCKET, LESSONS_ACCESS_KEY and LESSONS_SECRET_KEY.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from agora_rest import (
    AgoraError,
    ApiError,
    AsyncAgora,
    AsyncApp,
    AsyncRecording,
    RecordingConfig,
    S3Region,
    S3Storage,
)

RECORDER = 4_000_000_000
"""The user ID of the recorder, which no user in a lesson may have."""


class Lessons:
    """The lessons that are being recorded by this process."""

    def __init__(self, agora: AsyncApp, storage: S3Storage, running: AsyncExitStack) -> None:
        self.agora, self._storage, self._running = agora, storage, running
        self._recordings: dict[str, tuple[AsyncExitStack, AsyncRecording]] = {}

    async def record(self, lesson: str) -> AsyncRecording:
        """Record a lesson, once, until `finish` or until the service ends."""
        if lesson in self._recordings:
            raise HTTPException(409, f"Lesson {lesson} is being recorded already.")
        # Each recording is stopped by its own block; the service's stack leaves those that are still running.
        block = await self._running.enter_async_context(AsyncExitStack())
        recording = await block.enter_async_context(
            self.agora.recordings.record(
                lesson, uid=RECORDER, storage=self._storage, config=RecordingConfig(max_idle_time=300)
            )
        )
        self._recordings[lesson] = block, recording
        return recording

    async def finish(self, lesson: str) -> AsyncRecording:
        """Stop recording a lesson; its files are known then."""
        block, recording = self._recordings.pop(lesson, (None, None))
        if block is None or recording is None:
            raise HTTPException(404, f"Lesson {lesson} is not being recorded.")
        await block.aclose()
        return recording


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for the whole service: it keeps below the limit of the account and shares its connections."""
    storage = S3Storage(
        region=S3Region.EU_WEST_1,
        bucket=os.environ["LESSONS_BUCKET"],
        access_key=os.environ["LESSONS_ACCESS_KEY"],
        secret_key=os.environ["LESSONS_SECRET_KEY"],
    )
    async with AsyncAgora.from_env() as agora, AsyncExitStack() as running:
        app.state.lessons = Lessons(agora.app(os.environ["LESSONS_APP_ID"]), storage, running)
        yield


app = FastAPI(title="Lessons", lifespan=lifespan)


@app.exception_handler(AgoraError)
async def refused(request: Request, error: AgoraError) -> JSONResponse:
    """Pass Agora's refusal on to the caller; report any other failure as a bad gateway."""
    status = 400 if isinstance(error, ApiError) and error.status and error.status < 500 else 502
    return JSONResponse({"detail": str(error)}, status_code=status)


def lessons(request: Request) -> Lessons:
    """The lessons of the running service."""
    found: Lessons = request.app.state.lessons
    return found


Service = Annotated[Lessons, Depends(lessons)]


class Recorded(BaseModel):
    """A recording, as the service shows it."""

    sid: str
    files: list[str] = []


class Kick(BaseModel):
    """The user to put out, and for how long."""

    uid: int = Field(gt=0, le=4294967295)
    minutes: int = Field(default=60, ge=1, le=1440)


@app.post("/lessons/{lesson}/recording", status_code=201)
async def record(lesson: str, service: Service) -> Recorded:
    """Record a lesson."""
    recording = await service.record(lesson)
    return Recorded(sid=recording.sid)


@app.delete("/lessons/{lesson}/recording")
async def finish(lesson: str, service: Service) -> Recorded:
    """Stop recording it, and return the names of its files."""
    recording = await service.finish(lesson)
    return Recorded(sid=recording.sid, files=[file.name for file in recording.files])


@app.post("/lessons/{lesson}/kicks", status_code=201)
async def kick(lesson: str, who: Kick, service: Service) -> dict[str, int]:
    """Put a user out of a lesson, and keep them out."""
    ban = await service.agora.kicking_rules.ban(channel=lesson, uid=who.uid, minutes=who.minutes)
    return {"rule": ban.rule_id}


@app.get("/lessons/{lesson}/users")
async def users(lesson: str, service: Service) -> list[int | str]:
    """The users in a lesson."""
    present = await service.agora.channels.users(lesson)
    return list(present.users or present.broadcasters)
