"""What the made-up dealership sells: new cars, used cars, vans, and the words that go with them."""

from __future__ import annotations

import random
from typing import NamedTuple


class Vehicle(NamedTuple):
    """A thing to sell: its name, its price in kroner, and `short`, the way salespeople say it."""

    name: str
    short: str
    price: int


NEW = tuple(
    Vehicle(name, short, price)
    for name, short, price in (
        ("VW ID.4 Pro", "ID.4", 374_995),
        ("VW ID.3 Pro S", "ID.3", 304_995),
        ("VW ID.7 Tourer", "ID.7", 479_995),
        ("VW ID. Buzz LWB", "Buzz", 549_995),
        ("VW Polo 1.0 TSI Style", "Polo", 234_995),
        ("VW Golf 1.5 eTSI", "Golf", 349_995),
        ("VW Passat Variant eHybrid", "Passat", 469_995),
        ("VW T-Roc 1.5 TSI", "T-Roc", 359_995),
        ("VW Tiguan eHybrid", "Tiguan", 519_995),
        ("Škoda Enyaq 85", "Enyaq", 389_995),
        ("Škoda Elroq 60", "Elroq", 309_995),
        ("Škoda Octavia Combi", "Octavia", 339_995),
        ("Škoda Fabia Monte Carlo", "Fabia", 219_995),
        ("Škoda Kodiaq 7-pers.", "Kodiaq", 599_995),
        ("Cupra Born 77 kWh", "Born", 334_995),
        ("Cupra Tavascan", "Tavascan", 429_995),
        ("Audi Q4 e-tron", "Q4", 449_995),
        ("Audi A6 e-tron Avant", "A6", 689_995),
    )
)
VANS = (
    Vehicle("VW Caddy Cargo Maxi", "Caddy", 214_995),
    Vehicle("VW Transporter L2H1", "Transporter", 309_995),
    Vehicle("VW Crafter 35 L3H3", "Crafter", 384_995),
    Vehicle("VW ID. Buzz Cargo", "Buzz Cargo", 329_995),
    Vehicle("Škoda Enyaq 60 Van", "Enyaq Van", 299_995),
    Vehicle("VW Amarok Aventura", "Amarok", 459_995),
)
_USED = (
    ("VW Up! 1.0", "Up!", 84_900),
    ("VW Polo 1.0 TSI", "Polo", 139_900),
    ("VW Golf 1.4 GTE", "Golf", 189_900),
    ("VW Passat 1.4 GTE Variant", "Passat", 219_900),
    ("VW ID.3 1st", "ID.3", 174_900),
    ("Škoda Octavia 2.0 TDI Combi", "Octavia", 164_900),
    ("Škoda Superb 1.4 iV", "Superb", 249_900),
    ("Toyota Yaris Hybrid", "Yaris", 134_900),
    ("Toyota Aygo 1.0", "Aygo", 79_900),
    ("Peugeot 208 1.2", "208", 109_900),
    ("Kia Niro EV", "Niro", 199_900),
    ("Ford Kuga PHEV", "Kuga", 209_900),
    ("Tesla Model 3 LR", "Model 3", 229_900),
    ("Hyundai Kona Electric", "Kona", 179_900),
    ("Volvo V60 T6", "V60", 289_900),
    ("Citroën C3 1.2", "C3", 99_900),
    ("Mazda CX-5 2.0", "CX-5", 184_900),
    ("Renault Zoe R135", "Zoe", 119_900),
)
COLOURS = ("hvid", "sort", "grafitgrå", "mørkeblå", "sølv", "rød", "måneskinsgrå", "grøn metallic", "beige")


def used(rng: random.Random, year: int) -> Vehicle:
    """A used car of two to eight years, seen from `year`."""
    name, short, price = _USED[int(rng.random() * len(_USED))]
    age = 2 + int(rng.random() * 7)
    return Vehicle(f"{name} ({year - age})", short, round(price * (1.15 - age * 0.06) / 1000) * 1000 - 100)


def trade_in(rng: random.Random, year: int) -> str:
    """The car a customer arrives in, as it is written in a note."""
    name, _, _ = _USED[int(rng.random() * len(_USED))]
    return f"{name} fra {year - 4 - int(rng.random() * 10)}"
