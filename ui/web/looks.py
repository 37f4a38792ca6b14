"""How the page looks before anything is on it: the theme over style.css, and the head with its scripts."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

FONT = [
    "ui-sans-serif",
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Helvetica Neue",
    "Noto Sans",
    "sans-serif",
]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("page.js", "mask.js", "canvas.js"))
"""In their order: what page.js makes, the others use."""
STYLES = tuple(Path(__file__).with_name(name) for name in ("style.css", "canvas.css"))
HEAD = '<meta name="color-scheme" content="light dark">\n<script>{script}</script>'


def make_head() -> str:
    return HEAD.format(script="\n".join(path.read_text("utf-8") for path in SCRIPTS))


def make_theme() -> gr.themes.Base:
    """Return the theme: system fonts, nothing fetched from anywhere; the colours are those of style.css."""
    return gr.themes.Base(font=FONT, font_mono=MONO, radius_size="lg").set(
        body_background_fill="var(--lm-paper)",
        body_background_fill_dark="var(--lm-paper)",
        body_text_color="var(--lm-ink)",
        body_text_color_dark="var(--lm-ink)",
        body_text_color_subdued="var(--lm-soft)",
        body_text_color_subdued_dark="var(--lm-soft)",
        background_fill_primary="var(--lm-sheet)",
        background_fill_primary_dark="var(--lm-sheet)",
        background_fill_secondary="var(--lm-paper)",
        background_fill_secondary_dark="var(--lm-paper)",
        border_color_primary="var(--lm-line)",
        border_color_primary_dark="var(--lm-line)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_title_text_color="var(--lm-ink)",
        block_title_text_color_dark="var(--lm-ink)",
        block_info_text_color="var(--lm-soft)",
        block_info_text_color_dark="var(--lm-soft)",
        button_primary_background_fill="var(--lm-accent)",
        button_primary_background_fill_dark="var(--lm-accent)",
        button_primary_text_color="var(--lm-accent-ink)",
        button_primary_text_color_dark="var(--lm-accent-ink)",
        button_secondary_background_fill="var(--lm-sheet)",
        button_secondary_background_fill_dark="var(--lm-sheet)",
        button_secondary_text_color="var(--lm-ink)",
        button_secondary_text_color_dark="var(--lm-ink)",
        button_secondary_border_color="var(--lm-line)",
        button_secondary_border_color_dark="var(--lm-line)",
        checkbox_background_color_selected="var(--lm-accent)",
        checkbox_background_color_selected_dark="var(--lm-accent)",
        checkbox_border_color_selected="var(--lm-accent)",
        checkbox_border_color_selected_dark="var(--lm-accent)",
        checkbox_label_background_fill="var(--lm-sheet)",
        checkbox_label_background_fill_dark="var(--lm-sheet)",
        checkbox_label_background_fill_selected="var(--lm-said)",
        checkbox_label_background_fill_selected_dark="var(--lm-said)",
        checkbox_label_text_color_selected="var(--lm-ink)",
        checkbox_label_text_color_selected_dark="var(--lm-ink)",
        input_placeholder_color="var(--lm-soft)",
        input_placeholder_color_dark="var(--lm-soft)",
    )
