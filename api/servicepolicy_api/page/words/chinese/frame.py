"""What surrounds every screen."""

from servicepolicy_api.page.words.english import Frame

FRAME = Frame(
    product="服务策略",
    skip="跳到正文",
    screens="页面",
    look="语言和配色",
    scenarios="方案",
    profile="画像",
    edit="编辑",
    solve="求解",
    policy="策略",
    frontier="前沿",
    compare="比较",
    sweep="批量",
    light="浅色配色",
    dark="深色配色",
    like_system="系统配色",
    sign_out="退出",
    not_there="找不到这一页",
    not_there_why="地址所指的内容从未在此建立，或名称有误。",
    to_scenarios="查看所有方案",
    store_away="数据库没有响应",
    store_away_why="没有任何数据丢失。请几秒钟后重新加载本页。",
    went_wrong="我们这边出了问题",
    went_wrong_why="服务日志记录了原因。已保存的内容不会丢失。",
    rejected="无法显示",
    version_moved="其他人刚刚保存了更新的版本，或此名称已被占用。",
)
