"""The API's root: one router per app, one shape for refusals."""

from maillage import __version__
from maillage.booking.api import router as booking_router
from maillage.core.problems import Api, install_handlers
from maillage.core.rendering import JsonRenderer
from maillage.points.api import router as points_router
from maillage.territory.api import router as territory_router
from maillage.usage.api import router as usage_router

api = Api(title="Maillage", version=__version__, urls_namespace="api", docs_url=None, renderer=JsonRenderer())
install_handlers(api)
api.add_router("", territory_router)
api.add_router("", points_router)
api.add_router("", booking_router)
api.add_router("", usage_router)
