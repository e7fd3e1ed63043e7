"""Which column of an unknown file probably holds what, by its name; the planner has the last word."""

import re
from collections.abc import Mapping, Sequence

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "order": (
        "order", "orderno", "ordernumber", "orderid", "invoice", "invoiceno", "invoicenumber", "salesorder",
        "document", "vbeln", "auftrag", "auftragsnummer", "belegnummer",
        "订单", "订单号", "订单编号", "发票号",
    ),
    "item": (
        "item", "itemno", "itemnumber", "itemid", "itemcode", "sku", "stockcode", "product", "productid",
        "productcode", "material", "matnr", "article", "articleno", "artikel", "artikelnummer", "partno",
        "partnumber", "物料", "物料编号", "物料编码", "商品", "商品编码", "货号", "产品编号",
    ),
    "quantity": (
        "quantity", "quantitypieces", "qty", "orderqty", "orderquantity", "pieces", "units", "unitquantity",
        "menge", "kwmeng", "数量", "订购数量", "件数",
    ),
    "date": (
        "date", "orderdate", "invoicedate", "orderedat", "orderdatetime", "documentdate", "timestamp",
        "audat", "datum", "auftragsdatum", "日期", "订单日期", "下单日期", "下单时间",
    ),
    "price": (
        "price", "unitprice", "salesprice", "netprice", "unitpriceeur", "preis", "netpr", "einzelpreis",
        "单价", "价格", "售价",
    ),
    "customer": (
        "customer", "customerno", "customernumber", "customerid", "custid", "client", "soldto", "kunnr",
        "kunde", "kundennummer", "客户", "客户编号", "客户号", "客户编码",
    ),
    "region": (
        "region", "country", "shiptocountry", "area", "land", "destination", "地区", "区域", "国家",
    ),
    "description": (
        "description", "itemtext", "productname", "itemname", "bezeichnung", "描述", "品名", "物料描述",
    ),
    "unit_cost": (
        "unitcost", "cost", "standardcost", "unitcosteur", "stprs", "einstandspreis", "成本", "单位成本",
    ),
    "weight_kg": ("weightkg", "weight", "lineweight", "grossweight", "gewicht", "重量"),
}  # fmt: skip
"""Field of the column map -> names that it is known by, without blanks and signs."""


def guess_columns(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column, for every field that a column is named after. No column is taken twice.

    A name that is usual counts before one that only contains it.

    >>> guess_columns(["InvoiceNo", "StockCode", "Qty", "Unit Price"])
    {'order': 'InvoiceNo', 'item': 'StockCode', 'quantity': 'Qty', 'price': 'Unit Price'}
    """
    bare = {column: re.sub(r"[\W_]", "", column).lower() for column in columns}
    guessed: dict[str, str] = {}
    for is_close in (False, True):
        for field, usual in USUAL_NAMES.items():
            free = [column for column in columns if column not in guessed.values()]
            fitting = [column for column in free if _fits(bare[column], usual, is_close)]
            if field not in guessed and fitting:
                guessed[field] = fitting[0]
    return {field: guessed[field] for field in USUAL_NAMES if field in guessed}


def _fits(name: str, usual: Sequence[str], is_close: bool) -> bool:
    if not is_close:
        return name in usual
    return any(name.startswith(one) or name.endswith(one) for one in usual if len(one) >= 3)
