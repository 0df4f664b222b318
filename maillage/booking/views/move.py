"""Another hour for the same meeting, in the same rooms."""

from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.domain.windows import window_of
from maillage.booking.domain.wishes import MeetingWish, Proposal
from maillage.booking.errors import NotChangeable
from maillage.booking.forms import MoveForm
from maillage.booking.selectors import Meeting, propose_slots
from maillage.booking.services import move_booking
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.wishes import parties_of_booking
from maillage.core.errors import Conflict
from maillage.core.throttle import throttled
