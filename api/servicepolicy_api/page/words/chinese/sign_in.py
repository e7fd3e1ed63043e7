"""The sign-in."""

from servicepolicy_api.page.words.english import SignIn

SIGN_IN = SignIn(
    title="登录",
    lead="本系统与其 HTTP 接口一样，需要 API 密钥。",
    key="API 密钥",
    go="登录",
    wrong="此密钥在这里无效。密钥以 sp_ 开头；请向系统管理员索取。",
)
