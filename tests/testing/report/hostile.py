"""Text that a page on the web might show, to do harm in a page of ours."""

HOSTILE = (
    "\"'`><script>alert(1)</script><img src=//evil.test/x onerror=alert(1)></script><!--<script>"
    "<svg onload=alert(1)><style>*{background:url(//evil.test/y)}</style></pre></title></textarea>"
    '<a href="javascript:alert(1)">${alert(1)}</a>{{ 7*7 }}{% raw %}\u202e\u2028\ud800</body>'
)
