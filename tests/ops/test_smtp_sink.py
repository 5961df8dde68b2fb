import smtplib
import subprocess
import sys

from script.lib import ports
from script.lib.paths import ROOT


def test_mail_is_kept_whole_with_its_envelope(tmp_path):
    port = ports.pick(21025, "this test")
    command = [sys.executable, "-u", "-m", "script.lib.smtp_sink", "--port", str(port), "--folder", str(tmp_path)]
    sink = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    sink.stdout.readline()
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail(
            "portal@portal.example", ["a@city.example", "b@city.example"], "Subject: 收件回执\r\n\r\n正文\r\n".encode()
        )
    sink.terminate()
    assert sink.wait(10) == 0
    (mail,) = tmp_path.iterdir()
    assert mail.suffix == ".eml"
    assert mail.read_bytes().decode().splitlines() == [
        "X-Envelope-From: portal@portal.example",
        "X-Envelope-To: a@city.example",
        "X-Envelope-To: b@city.example",
        "Subject: 收件回执",
        "",
        "正文",
    ]
