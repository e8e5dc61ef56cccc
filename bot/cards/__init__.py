"""Render answers and posts: values in, Components V2 layouts out."""
