"""Draws the demo people's photo albums: SVG scenes, rasterised and finished like photographs."""
