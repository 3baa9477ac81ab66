"""Kustomize, rendered in process exactly as `kubectl kustomize` (v5.5.0) does, with an origin for every field."""

from infracheck.kustomize.build import render
from infracheck.kustomize.rendering import RenderedObject, RenderGap, Rendering
from infracheck.kustomize.session import RenderCache

__all__ = ["RenderCache", "RenderGap", "RenderedObject", "Rendering", "render"]
