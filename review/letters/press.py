"""The rendering child: reads a page from standard input, writes a PDF, and lives for one letter.

Run as `python -m review.letters.press`. It limits itself before it loads the layout engine, so a page that
runs away is killed by the kernel and takes no worker with it. One process, one font configuration.
"""

import json
import resource
import sys

CPU_SECONDS = 30
MEMORY = 512 * 1024 * 1024


def limit(cpu_seconds, memory):
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def print_page(html, css):
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    from review.letters import justify

    justify.install()
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    fonts = FontConfiguration()
    sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher)
    document = page.render(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-3a")
    lower_end(document.pages[-1]._page_box)
    return document.write_pdf(pdf_variant="pdf/a-3a")


def lower_end(page_box):
    """Move the closing block down until it stands on the bottom edge of the type area of the last page."""
    bottom = page_box.content_box_y() + page_box.height
    for box in page_box.descendants():
        if box.element is not None and box.element_tag == "div" and box.element.get("class") == "end":
            box.translate(0, bottom - (box.position_y + box.margin_height()))
            return


def main():
    job = json.load(sys.stdin)
    limit(job["cpu_seconds"], job["memory"])
    sys.stdout.buffer.write(print_page(job["html"], job["css"]))


if __name__ == "__main__":
    main()
