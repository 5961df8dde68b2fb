"""The sample programme: 24 cities walked by the real services through eight months, up to now.

``people`` appoints who acts, ``stage`` holds them and the clock, ``writing`` and ``documents`` write plans and files,
``roads`` and ``hangzhou`` take cities step by step, ``signings`` the batches, ``stories`` says which city stands where.
"""
