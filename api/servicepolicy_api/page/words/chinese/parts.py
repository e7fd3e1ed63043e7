"""What the pieces say that screens are built of."""

from servicepolicy_api.page.words.english import Parts

PARTS = Parts(
    as_table="以表格显示",
    customers="客户",
    items="物料",
    customer_class="客户类别",
    item_class="物料类别",
    nothing="无",
    error="错误",
    warning="警告",
    note="说明",
    where="位置",
    what="内容",
    mend="处理方法",
    count="行数",
    the_file="该文件",
    no_findings="没有发现问题。",
    scale="从 {low}（浅）到 {high}（深）",
)
